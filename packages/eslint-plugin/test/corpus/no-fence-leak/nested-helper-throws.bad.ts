import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
export function make(context: DmaFenceContext, limit: number): DmaFence {
  // reports no-fence-leak
  const fence = context.createFence();
  if (context.pending > limit) {
    fence.fail('EAGAIN');
    throw new Error('too many');
  }
  return fence;
}
