// A helper that is only called here takes over what its callers own.
import type { DmaFenceContext, DriverFence } from '@dma-fence/core';

function finish(fence: DriverFence): void {
  fence.signal();
  fence.put();
}

export function run(context: DmaFenceContext): void {
  const fence = context.createFence();
  finish(fence);
}
