import type { DmaFenceContext, DmaFence } from '@dma-fence/core';

export function makeDone(ctx: DmaFenceContext, ok: boolean): DmaFence | null {
  using fence = ctx.createFence();
  if (!ok) {
    fence.fail('ECANCELED');
    return null;
  }
  fence.signal();
  // reports no-use-after-put
  return fence;
}
