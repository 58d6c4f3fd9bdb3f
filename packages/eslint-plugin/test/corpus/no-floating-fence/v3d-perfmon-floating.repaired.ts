import type { DmaFence, SyncObject } from '@dma-fence/core';

export function attach(sync: SyncObject, job: { finished: DmaFence }): void {
  sync.replace(job.finished);
}
