// The job owns the fence since it was pushed; the submitter puts it nevertheless.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

const pending: DmaFence[] = [];

export function queueJob(context: DmaFenceContext): void {
  const fence = context.createFence();
  pending.push(fence);
  // reports no-double-put
  fence.put();
}
