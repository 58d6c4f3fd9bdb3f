import type { DmaFence } from '@dma-fence/core';
class Base {
  readonly #fence: DmaFence;
  /** @consumes fence */
  constructor(fence: DmaFence) {
    this.#fence = fence;
  }
  close(): void {
    this.#fence.put();
  }
}
export class Derived extends Base {
  constructor(source: DmaFence) {
    super(source.get());
  }
}
