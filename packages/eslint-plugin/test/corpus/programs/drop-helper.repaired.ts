import { DmaFenceContext, type DmaFence } from '@dma-fence/core';

interface Item {
  readonly label: string;
  readonly printed: DmaFence;
}

export class PrintQueue {
  readonly #context = new DmaFenceContext({ driverName: 'cups', timelineName: 'labels' });
  #items: Item[] = [];

  add(label: string, print: () => Promise<void>): void {
    this.#items.push({ label, printed: this.#context.run(print) });
  }

  #drop(item: Item): void {
    this.#items = this.#items.filter((other) => other !== item);
    item.printed.put();
  }

  /** Removes a label; tells whether it was printed by then. */
  remove(label: string): boolean {
    const item = this.#items.find((candidate) => candidate.label === label);
    if (!item) return false;
    const printed = item.printed.poll() && !item.printed.error;
    this.#drop(item);
    return printed;
  }

  async settled(): Promise<number> {
    let failures = 0;
    for (const { printed } of this.#items) {
      await printed.wait().catch(() => {
        failures++;
      });
    }
    return failures;
  }

  clear(): void {
    for (const item of this.#items) item.printed.put();
    this.#items = [];
  }
}
