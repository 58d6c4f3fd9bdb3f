import type { SyncObject } from '@dma-fence/core';
export function shadow(a: SyncObject, b: SyncObject): number {
  // reports no-fence-leak
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
  }
  return n;
}
