import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
export function make(context: DmaFenceContext, limit: number): DmaFence {
  const fence = context.createFence();
  if (context.pending > limit) {
    fence.fail('EAGAIN');
    fence.put();
    throw new Error('too many');
  }
  return fence;
}
