import { FenceError, type DmaFence, type SyncObject } from '@dma-fence/core';
export async function guarded(o: SyncObject, log: (m: string) => void): Promise<number> {
  const f: DmaFence | undefined = o.fence();
  if (f === undefined) throw new FenceError('ENOENT', 'none');
  try {
    await f.wait({ timeoutMs: 5 });
  } catch (e) {
    if (e instanceof FenceError && e.code === 'ETIME') {
      log('late');
      f.put();
      return -1;
    }
    f.put();
    throw e;
  }
  const n = f.seqno;
  f.put();
  return n;
}
