// The put stands inside a branch that is not always taken.
import type { DmaFenceContext } from '@dma-fence/core';

export function complete(context: DmaFenceContext, isUrgent: boolean): void {
  const fence = context.createFence();
  fence.signal();
  if (isUrgent) console.log('urgent', fence.seqno);
  fence.put();
}
