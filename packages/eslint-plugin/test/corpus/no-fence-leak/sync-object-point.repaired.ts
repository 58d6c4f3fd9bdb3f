// A point's fence is fetched to test it.
import type { SyncObject } from '@dma-fence/core';

export function isDone(sync: SyncObject, point: number): boolean {
  const fence = sync.fence(point);
  if (!fence) return true;
  const isSignaled = fence.poll();
  fence.put();
  return isSignaled;
}
