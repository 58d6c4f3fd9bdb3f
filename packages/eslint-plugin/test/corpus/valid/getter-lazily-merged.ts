import { mergeFences, type DmaFence } from '@dma-fence/core';
export class Group {
  #parts: DmaFence[] = [];
  #merged: DmaFence | undefined;
  add(f: DmaFence): void {
    this.#parts.push(f.get());
    this.#merged?.put();
    this.#merged = undefined;
  }
  /** @borrowed */
  get all(): DmaFence {
    return (this.#merged ??= mergeFences(this.#parts));
  }
  async wait(): Promise<void> {
    const all = this.all.get();
    try {
      await all.wait();
    } finally {
      all.put();
    }
  }
  [Symbol.dispose](): void {
    this.#merged?.put();
    for (const p of this.#parts) p.put();
    this.#parts = [];
    this.#merged = undefined;
  }
}
