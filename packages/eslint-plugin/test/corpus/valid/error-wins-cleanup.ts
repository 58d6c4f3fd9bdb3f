import type { DmaFence, SyncObject } from '@dma-fence/core';
export function pair(a: SyncObject, b: SyncObject): { a: DmaFence; b: DmaFence } | null {
  const fa = a.fence();
  const fb = b.fence();
  if (!fa || !fb) {
    fa?.put();
    fb?.put();
    return null;
  }
  return { a: fa, b: fb };
}
