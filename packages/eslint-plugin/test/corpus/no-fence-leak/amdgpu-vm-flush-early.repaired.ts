import type { DmaFence, SyncObject } from '@dma-fence/core';
export async function flush(slot: SyncObject, isStale: (f: DmaFence) => boolean): Promise<boolean> {
  const fence = slot.fence();
  if (!fence) return false;
  if (isStale(fence)) {
    fence.put();
    return false;
  }
  await fence.wait();
  fence.put();
  return true;
}
