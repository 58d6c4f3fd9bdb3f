// The constructor takes a reference and then refuses to build the object.
import type { DmaFence } from '@dma-fence/core';

export class Export {
  readonly #fence: DmaFence;
  constructor(fence: DmaFence, fd: number) {
    // reports require-field-release
    this.#fence = fence.get();
    if (fd < 0) throw new RangeError('bad descriptor');
  }
  [Symbol.dispose](): void {
    this.#fence.put();
  }
}
