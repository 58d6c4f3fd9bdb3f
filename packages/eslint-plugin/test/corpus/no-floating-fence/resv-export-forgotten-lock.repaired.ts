import { FenceUsage, type DmaFence, type DmaReservation } from '@dma-fence/core';

export async function importFence(resv: DmaReservation, fence: DmaFence): Promise<boolean> {
  const lock = await resv.lock();
  if (fence.signaled) {
    lock.unlock();
    return false;
  }
  lock.add(fence, FenceUsage.WRITE);
  lock.unlock();
  return true;
}
