// The follow-up fence is made inside the section.
import { beginSignalling, type DmaFence, type DmaFenceContext, type DriverFence } from '@dma-fence/core';

export function finish(fence: DriverFence, context: DmaFenceContext): DmaFence {
  const next = context.createFence();
  using section = beginSignalling();
  fence.signal();
  return next;
}
