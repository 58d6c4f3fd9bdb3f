import type { SyncObject } from '@dma-fence/core';
export function compare(a: SyncObject, b: SyncObject): number {
  // reports no-fence-leak
  const x = a.fence();
  const y = b.fence();
  if (!x || !y) {
    y?.put();
    return 0;
  }
  const d = x.seqno - y.seqno;
  x.put();
  y.put();
  return d;
}
