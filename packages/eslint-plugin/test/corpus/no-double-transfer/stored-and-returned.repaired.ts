// The field owns the reference that is returned as well.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export class Source {
  #last: DmaFence | undefined;
  make(context: DmaFenceContext): DmaFence {
    const fence = context.createFence();
    this.#last?.put();
    this.#last = fence;
    return fence.get();
  }
  [Symbol.dispose](): void {
    this.#last?.put();
  }
}
