import { FenceUsage, lockReservations, type DmaFence, type DmaReservation } from '@dma-fence/core';
export async function blit(src: DmaReservation, dst: DmaReservation, job: () => DmaFence): Promise<void> {
  const locks = await lockReservations([src, dst]);
  try {
    const done = job();
    try {
      locks.of(src).add(done, FenceUsage.READ);
      locks.of(dst).add(done, FenceUsage.WRITE);
    } finally {
      done.put();
    }
  } finally {
    locks.unlock();
  }
}
