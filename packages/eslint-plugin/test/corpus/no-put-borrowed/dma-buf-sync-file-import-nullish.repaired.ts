import { signaledFence, type DmaFence, type SyncObject } from '@dma-fence/core';
export function exportSyncFile(o: SyncObject, own: DmaFence | null): number {
  const fence = own?.get() ?? o.fence() ?? signaledFence();
  const n = fence.seqno;
  fence.put();
  return n;
}
