import type { SyncObject } from '@dma-fence/core';
export function compare(a: SyncObject, b: SyncObject): number {
  const x = a.fence();
  const y = b.fence();
  if (!x || !y) {
    x?.put();
    y?.put();
    return 0;
  }
  const d = x.seqno - y.seqno;
  x.put();
  y.put();
  return d;
}
