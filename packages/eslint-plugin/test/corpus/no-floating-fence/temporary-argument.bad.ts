// The sync object takes its own reference; the one taken for the call is lost.
import type { DmaFence, SyncObject } from '@dma-fence/core';

export function publish(sync: SyncObject, fence: DmaFence): void {
  // reports no-floating-fence
  sync.replace(fence.get());
}
