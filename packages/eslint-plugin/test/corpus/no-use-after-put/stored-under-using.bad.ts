// A scoped fence is stored in a field that outlives the scope.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export class Last {
  #fence: DmaFence | undefined;
  record(context: DmaFenceContext): void {
    using fence = context.createFence();
    this.#fence?.put();
    // reports no-use-after-put
    this.#fence = fence;
  }
  [Symbol.dispose](): void {
    this.#fence?.put();
  }
}
