import type { DmaFence, SyncObject } from '@dma-fence/core';
export function settle(o: SyncObject): number {
  let n = 0;
  let f: DmaFence | undefined;
  do {
    f?.put();
    f = o.fence(++n);
  } while (f?.signaled);
  f?.put();
  return n;
}
