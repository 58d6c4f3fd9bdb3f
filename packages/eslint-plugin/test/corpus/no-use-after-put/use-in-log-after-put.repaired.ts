import type { SyncObject } from '@dma-fence/core';
export async function last(o: SyncObject): Promise<void> {
  const f = o.fence();
  if (!f) return;
  await f.wait({ timeoutMs: 1 });
  f.put();
}
