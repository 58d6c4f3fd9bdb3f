import type { SyncObject, DmaFence } from '@dma-fence/core';
export async function both(a: SyncObject, b: SyncObject): Promise<void> {
  const fences = [a.fence(), b.fence()].filter((f): f is DmaFence => f !== undefined);
  try {
    await Promise.all(fences.map((f) => f.wait()));
  } finally {
    for (const f of fences) f.put();
  }
}
