import type { SyncObject } from '@dma-fence/core';
export function* watch(o: SyncObject): Generator<number> {
  // reports no-fence-leak
  const f = o.fence();
  if (!f) return;
  yield f.seqno;
  f.put();
}
