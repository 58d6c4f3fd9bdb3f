import type { DmaFence } from '@dma-fence/core';
interface Item {
  at: number;
  fence: DmaFence;
}
export class Deadlines {
  readonly #heap: Item[] = [];
  push(fence: DmaFence, at: number): void {
    const item = { at, fence: fence.get() };
    let i = this.#heap.findIndex((other) => other.at > at);
    if (i < 0) i = this.#heap.length;
    this.#heap.splice(i, 0, item);
  }
  fire(now: number): void {
    let item: Item | undefined;
    while ((item = this.#heap[0]) !== undefined && item.at <= now) {
      this.#heap.shift();
      item.fence.setDeadline(now);
      item.fence.put();
    }
  }
  close(): void {
    for (const { fence } of this.#heap) fence.put();
    this.#heap.length = 0;
  }
}
