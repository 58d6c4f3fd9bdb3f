import type { DmaFence, SyncObject } from '@dma-fence/core';
export function* points(o: SyncObject, from: number): Generator<number, void, boolean | undefined> {
  let f: DmaFence | undefined = o.fence(from);
  try {
    while (f) {
      const stop = yield f.seqno;
      f.put();
      f = stop ? undefined : o.fence(++from);
    }
  } finally {
    f?.put();
  }
}
