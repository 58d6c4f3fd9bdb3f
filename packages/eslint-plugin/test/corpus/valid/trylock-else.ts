import { FenceUsage, type DmaFence, type DmaReservation } from '@dma-fence/core';
export async function add(r: DmaReservation, f: DmaFence): Promise<void> {
  const lock = r.tryLock() ?? (await r.lock());
  try {
    lock.add(f, FenceUsage.READ);
  } finally {
    lock.unlock();
  }
}
