import type { DmaFence, SyncObject } from '@dma-fence/core';
export async function two(a: SyncObject, b: SyncObject): Promise<void> {
  const fa = a.fence();
  const fb = b.fence();
  try {
    await Promise.all([fa?.wait(), fb?.wait()]);
  } finally {
    fa?.put();
    fb?.put();
  }
}
