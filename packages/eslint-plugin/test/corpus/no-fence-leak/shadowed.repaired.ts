import type { SyncObject } from '@dma-fence/core';
export function shadow(a: SyncObject, b: SyncObject): number {
  const f = a.fence();
  let n = 0;
  if (f) {
    n += f.seqno;
    {
      const f = b.fence();
      if (f) {
        n += f.seqno;
        f.put();
      }
    }
    f.put();
  }
  return n;
}
