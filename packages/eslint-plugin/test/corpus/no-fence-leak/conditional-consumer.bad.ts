// A queue takes the fence over only when it accepts it.
import type { DmaFenceContext, DriverFence } from '@dma-fence/core';

/** @consumes fence - only when the call returns true */
declare function enqueue(fence: DriverFence): boolean;

export function push(context: DmaFenceContext): boolean {
  // reports no-fence-leak
  const fence = context.createFence();
  return enqueue(fence);
}
