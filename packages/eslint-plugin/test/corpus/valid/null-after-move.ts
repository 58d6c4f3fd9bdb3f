import type { DmaFence, SyncObject } from '@dma-fence/core';
interface Job {
  dependency: DmaFence | undefined;
}
export function prepare(job: Job, slot: SyncObject, check: () => void): void {
  let fence = slot.fence();
  try {
    check();
    job.dependency = fence;
    fence = undefined;
  } finally {
    fence?.put();
  }
}
