// The field outlives the call that lent the fence.
import type { DmaFence } from '@dma-fence/core';

export class Slot {
  #fence: DmaFence | undefined;
  set(fence: DmaFence): void {
    this.#fence?.put();
    // reports require-get-on-store
    this.#fence = fence;
  }
  [Symbol.dispose](): void {
    this.#fence?.put();
  }
}
