import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

export class Credits {
  #free: number;
  readonly #context: DmaFenceContext;
  readonly #queue: { readonly fence: DriverFence; readonly cost: number }[] = [];

  constructor(context: DmaFenceContext, total: number) {
    this.#context = context;
    this.#free = total;
  }

  /** Signals when so many credits are the caller's. */
  take(cost: number): DmaFence {
    const fence = this.#context.createFence();
    if (this.#queue.length === 0 && this.#free >= cost) {
      this.#free -= cost;
      fence.signal();
      return fence;
    }
    this.#queue.push({ fence: fence.get(), cost });
    return fence;
  }

  give(cost: number): void {
    this.#free += cost;
    for (;;) {
      const head = this.#queue[0];
      if (head === undefined || head.cost > this.#free) return;
      this.#queue.shift();
      this.#free -= head.cost;
      head.fence.signal();
      head.fence.put();
      // reports no-double-put
      head.fence.put();
    }
  }
}
