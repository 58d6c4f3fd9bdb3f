// What is deleted from a map is the caller's.
import type { DmaFence } from '@dma-fence/core';

export class Table {
  readonly #fences = new Map<number, DmaFence>();
  add(id: number, fence: DmaFence): void {
    this.remove(id);
    this.#fences.set(id, fence.get());
  }
  remove(id: number): void {
    const fence = this.#fences.get(id);
    if (fence === undefined) return;
    this.#fences.delete(id);
    fence.put();
  }
  [Symbol.dispose](): void {
    for (const fence of this.#fences.values()) fence.put();
    this.#fences.clear();
  }
}
