import type { SyncObject } from '@dma-fence/core';
export async function waitPoint(o: SyncObject, point: number, giveUp: () => boolean): Promise<number> {
  while (true) {
    const f = o.fence(point);
    if (f === undefined) {
      if (giveUp()) return -62;
      await o.wait({ point, available: true });
      continue;
    }
    if (f.seqno < point) {
      await f.wait().finally(() => f.put());
      continue;
    }
    const n = f.seqno;
    f.put();
    return n;
  }
}
