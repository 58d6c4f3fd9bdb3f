// The newest fence is remembered over the one before.
import type { DmaFence } from '@dma-fence/core';

export class Entity {
  #last: DmaFence | undefined;
  push(fence: DmaFence): void {
    // reports require-field-release
    this.#last = fence.get();
  }
  [Symbol.dispose](): void {
    this.#last?.put();
  }
}
