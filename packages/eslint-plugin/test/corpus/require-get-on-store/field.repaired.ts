// The field outlives the call that lent the fence.
import type { DmaFence } from '@dma-fence/core';

export class Slot {
  #fence: DmaFence | undefined;
  set(fence: DmaFence): void {
    this.#fence?.put();
    this.#fence = fence.get();
  }
  [Symbol.dispose](): void {
    this.#fence?.put();
  }
}
