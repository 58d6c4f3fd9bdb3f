import type { SyncObject } from '@dma-fence/core';
export async function waitPoint(o: SyncObject, point: number, giveUp: () => boolean): Promise<number> {
  while (true) {
    // reports no-fence-leak
    const f = o.fence(point);
    if (f === undefined) {
      if (giveUp()) return -62;
      await o.wait({ point, available: true });
      continue;
    }
    if (f.seqno < point) {
      await f.wait();
      continue;
    }
    const n = f.seqno;
    f.put();
    return n;
  }
}
