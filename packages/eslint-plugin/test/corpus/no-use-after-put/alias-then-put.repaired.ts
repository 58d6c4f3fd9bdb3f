import type { DmaFence, SyncObject } from '@dma-fence/core';
export function alias(o: SyncObject): void {
  const a = o.fence();
  if (!a) return;
  const b: DmaFence = a;
  b.put();
}
