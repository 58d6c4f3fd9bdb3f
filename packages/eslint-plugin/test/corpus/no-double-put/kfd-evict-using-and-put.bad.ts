import type { SyncObject } from '@dma-fence/core';
export async function evict(o: SyncObject): Promise<void> {
  using ef = o.fence();
  if (!ef) return;
  await ef.wait();
  // reports no-double-put
  ef.put();
}
