import type { SyncObject } from '@dma-fence/core';
export function* watch(o: SyncObject): Generator<number> {
  const f = o.fence();
  if (!f) return;
  try {
    yield f.seqno;
  } finally {
    f.put();
  }
}
