// The publisher drops its reference, then signals.
import type { DmaFenceContext, SyncObject } from '@dma-fence/core';

export function finish(context: DmaFenceContext, sync: SyncObject): void {
  const fence = context.createFence();
  sync.replace(fence);
  fence.put();
  // reports no-use-after-put
  fence.signal();
}
