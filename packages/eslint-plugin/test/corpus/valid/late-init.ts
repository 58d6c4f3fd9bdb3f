import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';
export class Frame {
  #fence!: DriverFence;
  begin(ctx: DmaFenceContext): DmaFence {
    this.#fence = ctx.createFence();
    return this.#fence.get();
  }
  end(): void {
    this.#fence.signal();
    this.#fence.put();
  }
}
