import type { DmaFence, SyncObject } from '@dma-fence/core';
export function lastSignaled(objects: SyncObject[]): number {
  let n = 0;
  let f: DmaFence | undefined;
  for (const o of objects) {
    if ((f = o.fence()) === undefined) continue;
    if (f.signaled) n++;
    f.put();
  }
  return n;
}
