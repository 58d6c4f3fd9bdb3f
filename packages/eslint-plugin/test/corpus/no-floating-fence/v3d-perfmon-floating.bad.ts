import type { DmaFence, SyncObject } from '@dma-fence/core';

export function attach(sync: SyncObject, job: { finished: DmaFence }): void {
  // reports no-floating-fence
  sync.replace(job.finished.get());
}
