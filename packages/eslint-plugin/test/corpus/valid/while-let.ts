import type { SyncObject } from '@dma-fence/core';
export function count(o: SyncObject): number {
  let n = 0;
  for (let f = o.fence(n + 1); f; f = o.fence(n + 1)) {
    n++;
    f.put();
  }
  return n;
}
