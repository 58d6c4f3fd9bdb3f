import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export class Vm {
  last: DmaFence | undefined;
  rebind: DmaFence | undefined;
  exec(ctx: DmaFenceContext): void {
    const fence = ctx.createFence();
    this.last?.put();
    this.rebind?.put();
    this.last = fence;
    this.rebind = fence.get();
  }
  [Symbol.dispose](): void {
    this.last?.put();
    this.rebind?.put();
  }
}
