import type { SyncObject } from '@dma-fence/core';
export function drain(o: SyncObject): Promise<void> {
  const f = o.fence();
  if (!f) return Promise.resolve();
  return f.wait().finally(() => f.put());
}
