// A private helper puts the field, and nobody else does.
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
  }
}
