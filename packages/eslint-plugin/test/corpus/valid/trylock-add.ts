import { FenceUsage, type DmaFence, type DmaReservation } from '@dma-fence/core';
export function attach(resv: DmaReservation, fence: DmaFence): boolean {
  const lock = resv.tryLock();
  if (!lock) return false;
  try {
    lock.add(fence, FenceUsage.BOOKKEEP);
  } finally {
    lock.unlock();
  }
  return true;
}
