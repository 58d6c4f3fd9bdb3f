import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
export function timer(ctx: DmaFenceContext, ms: number): DmaFence {
  const fence = ctx.createFence();
  const own = fence.get();
  setTimeout(() => {
    own.signal();
    own.put();
  }, ms);
  return fence;
}
