import type { DmaFence, SyncObject } from '@dma-fence/core';
import { signaledFence } from '@dma-fence/core';
export function pick(o: SyncObject, other: DmaFence | null): DmaFence {
  return o.fence() ?? other?.get() ?? signaledFence();
}
