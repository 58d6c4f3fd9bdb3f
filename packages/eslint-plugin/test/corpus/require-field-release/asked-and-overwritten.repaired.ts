import { type DmaFence } from '@dma-fence/core';

/** Two checks look at this. */
export class Entity {
  #last: DmaFence | undefined;
  push(fence: DmaFence): void {
    if (this.#last && !fence.isLaterThan(this.#last)) return;
    this.#last?.put();
    this.#last = fence.get();
  }
  [Symbol.dispose](): void {
    this.#last?.put();
  }
}
