import { type DmaFence } from '@dma-fence/core';

/** Two checks see this one mistake; it is said once. */
export class Entity {
  #last: DmaFence | undefined;
  push(fence: DmaFence): void {
    if (this.#last && !fence.isLaterThan(this.#last)) return;
    // reports require-field-release
    this.#last = fence.get();
  }
  [Symbol.dispose](): void {
    this.#last?.put();
  }
}
