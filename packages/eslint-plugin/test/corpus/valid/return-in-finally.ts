import type { SyncObject } from '@dma-fence/core';
export async function quiet(o: SyncObject): Promise<boolean> {
  const f = o.fence();
  let ok = false;
  try {
    if (f) await f.wait();
    ok = true;
  } catch {
    ok = false;
  } finally {
    if (f) f.put();
  }
  return ok;
}
