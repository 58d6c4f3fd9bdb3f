// The constructor takes a reference and then refuses to build the object.
import type { DmaFence } from '@dma-fence/core';

export class Export {
  readonly #fence: DmaFence;
  constructor(fence: DmaFence, fd: number) {
    if (fd < 0) throw new RangeError('bad descriptor');
    this.#fence = fence.get();
  }
  [Symbol.dispose](): void {
    this.#fence.put();
  }
}
