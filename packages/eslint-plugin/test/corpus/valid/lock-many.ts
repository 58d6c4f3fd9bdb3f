import { FenceUsage, lockReservations, type DmaFence, type DmaReservation } from '@dma-fence/core';
export async function addAll(rs: DmaReservation[], f: DmaFence): Promise<void> {
  const locks = await lockReservations(rs);
  try {
    for (const r of rs) locks.of(r).add(f, FenceUsage.READ);
  } finally {
    locks.unlock();
  }
}
