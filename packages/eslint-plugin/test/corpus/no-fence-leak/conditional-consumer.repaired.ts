// A queue takes the fence over only when it accepts it.
import type { DmaFenceContext, DriverFence } from '@dma-fence/core';

/** @consumes fence - only when the call returns true */
declare function enqueue(fence: DriverFence): boolean;

export function push(context: DmaFenceContext): boolean {
  const fence = context.createFence();
  if (enqueue(fence)) return true;
  fence.fail('EAGAIN');
  fence.put();
  return false;
}
