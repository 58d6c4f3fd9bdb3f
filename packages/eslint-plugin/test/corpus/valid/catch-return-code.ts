import { FenceError, type DmaFence, type SyncObject } from '@dma-fence/core';
export async function ioctlWait(slot: SyncObject, ms: number): Promise<number> {
  const f = slot.fence();
  if (!f) return -2;
  let ret = 0;
  try {
    await f.wait({ timeoutMs: ms });
  } catch (e) {
    ret = e instanceof FenceError ? e.errno : -5;
  }
  f.put();
  return ret;
}
export type X = DmaFence;
