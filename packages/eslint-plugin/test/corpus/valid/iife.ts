import type { SyncObject } from '@dma-fence/core';
export const seq = (o: SyncObject): number =>
  (() => {
    const f = o.fence();
    if (!f) return 0;
    const s = f.seqno;
    f.put();
    return s;
  })();
