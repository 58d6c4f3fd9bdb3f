// A fence is made for its side effect on the context.
import type { DmaFenceContext } from '@dma-fence/core';

export function bump(context: DmaFenceContext): number {
  using fence = context.createFence();
  fence.signal();
  return context.lastSeqno;
}
