import type { SyncObject } from '@dma-fence/core';
export const poll = async (o: SyncObject, stop: AbortSignal): Promise<number> => {
  for (;;) {
    // reports no-fence-leak
    const f = o.fence();
    if (stop.aborted) {
      return -1;
    }
    if (f) {
      await f.wait();
      const n = f.seqno;
      f.put();
      return n;
    }
    await new Promise((r) => setTimeout(r, 1));
  }
};
