// The lock is given back on one path only.
import { type DmaFence, type DmaReservation, FenceUsage } from '@dma-fence/core';

export async function addFence(reservation: DmaReservation, fence: DmaFence): Promise<boolean> {
  const lock = await reservation.lock();
  if (fence.signaled) {
    lock.unlock();
    return false;
  }
  lock.add(fence, FenceUsage.WRITE);
  lock.unlock();
  return true;
}
