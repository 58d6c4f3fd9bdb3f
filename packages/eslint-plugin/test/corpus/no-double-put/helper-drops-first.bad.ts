// A private helper has put the field already.
import type { DmaFence } from '@dma-fence/core';

export class Slot {
  #fence: DmaFence;
  constructor(fence: DmaFence) {
    this.#fence = fence.get();
  }
  #drop(): void {
    this.#fence.put();
  }
  [Symbol.dispose](): void {
    this.#drop();
    // reports no-double-put
    this.#fence.put();
  }
}
