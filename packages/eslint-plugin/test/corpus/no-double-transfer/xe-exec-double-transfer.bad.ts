import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export class Vm {
  last: DmaFence | undefined;
  rebind: DmaFence | undefined;
  exec(ctx: DmaFenceContext): void {
    const fence = ctx.createFence();
    this.last?.put();
    this.rebind?.put();
    this.last = fence;
    // reports no-double-transfer
    this.rebind = fence;
  }
  [Symbol.dispose](): void {
    this.last?.put();
    this.rebind?.put();
  }
}
