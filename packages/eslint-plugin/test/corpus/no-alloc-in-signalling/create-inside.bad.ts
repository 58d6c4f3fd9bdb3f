// The follow-up fence is made inside the section.
import { beginSignalling, type DmaFence, type DmaFenceContext, type DriverFence } from '@dma-fence/core';

export function finish(fence: DriverFence, context: DmaFenceContext): DmaFence {
  using section = beginSignalling();
  // reports no-alloc-in-signalling
  const next = context.createFence();
  fence.signal();
  return next;
}
