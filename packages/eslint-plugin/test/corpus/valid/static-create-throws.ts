import type { DmaFence } from '@dma-fence/core';
export class Mapping {
  static #count = 0;
  readonly #fence: DmaFence;
  private constructor(fence: DmaFence) {
    this.#fence = fence;
    Mapping.#count++;
  }
  static create(fence: DmaFence): Mapping {
    if (Mapping.#count > 100) throw new RangeError('too many');
    return new Mapping(fence.get());
  }
  close(): void {
    Mapping.#count--;
    this.#fence.put();
  }
}
