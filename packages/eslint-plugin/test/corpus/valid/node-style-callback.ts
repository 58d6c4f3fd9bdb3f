import type { DmaFence, SyncObject } from '@dma-fence/core';
export function lookup(slot: SyncObject, done: (error: Error | null, fence?: DmaFence) => void): void {
  const fence = slot.fence();
  if (!fence) {
    done(new Error('ENOENT'));
    return;
  }
  try {
    done(null, fence);
  } finally {
    fence.put();
  }
}
