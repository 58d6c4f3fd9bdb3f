// A fence is made for its side effect on the context.
import type { DmaFenceContext } from '@dma-fence/core';

export function bump(context: DmaFenceContext): number {
  // reports no-floating-fence
  context.createFence();
  return context.lastSeqno;
}
