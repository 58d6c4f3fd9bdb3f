// A constructor takes over what its class puts.
import type { DmaFence } from '@dma-fence/core';

export class Holder {
  readonly #fence: DmaFence;
  constructor(fence: DmaFence) {
    this.#fence = fence;
  }
  [Symbol.dispose](): void {
    this.#fence.put();
  }
}
