import type { SyncObject } from '@dma-fence/core';
export async function last(o: SyncObject): Promise<void> {
  const f = o.fence();
  if (!f) return;
  f.put();
  // reports no-use-after-put
  await f.wait({ timeoutMs: 1 });
}
