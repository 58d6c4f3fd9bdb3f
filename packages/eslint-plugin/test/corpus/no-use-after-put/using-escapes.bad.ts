import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export class History {
  readonly #entries: DmaFence[] = [];

  record(context: DmaFenceContext, run: (fence: DmaFence) => void): DmaFence {
    using fence = context.createFence();
    run(fence);
    fence.signal();
    // reports no-use-after-put
    this.#entries.push(fence);
    return fence.get();
  }

  [Symbol.dispose](): void {
    for (const fence of this.#entries.splice(0)) fence.put();
  }
}
