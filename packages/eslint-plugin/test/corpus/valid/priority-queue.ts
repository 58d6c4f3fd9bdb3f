import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

interface Entry {
  readonly fence: DriverFence;
  readonly priority: number;
  run(): void;
}

export class PriorityQueue implements Disposable {
  #heap: Entry[] = [];
  readonly #context: DmaFenceContext;

  constructor(context: DmaFenceContext) {
    this.#context = context;
  }

  push(priority: number, run: () => void): DmaFence {
    const fence = this.#context.createFence();
    const entry: Entry = { fence: fence.get(), priority, run };
    const at = this.#heap.findIndex((other) => other.priority < priority);
    if (at < 0) this.#heap.push(entry);
    else this.#heap.splice(at, 0, entry);
    return fence;
  }

  step(): boolean {
    const entry = this.#heap.shift();
    if (entry === undefined) return false;
    const { fence, run } = entry;
    try {
      run();
      fence.signal();
    } catch (error) {
      fence.fail(error instanceof Error ? error : 'EIO');
    } finally {
      fence.put();
    }
    return true;
  }

  [Symbol.dispose](): void {
    for (const { fence } of this.#heap) {
      fence.fail('ECANCELED');
      fence.put();
    }
    this.#heap = [];
  }
}
