import { signaledFence, type DmaFence, type SyncObject } from '@dma-fence/core';
export function exportSyncFile(o: SyncObject, own: DmaFence | null): number {
  const fence = own ?? o.fence() ?? signaledFence();
  const n = fence.seqno;
  // reports no-put-borrowed
  fence.put();
  return n;
}
