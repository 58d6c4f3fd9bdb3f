import { FenceUsage, type DmaFence, type DmaReservation } from '@dma-fence/core';

export async function importFence(resv: DmaReservation, fence: DmaFence): Promise<boolean> {
  // reports no-floating-fence
  const lock = await resv.lock();
  if (fence.signaled) {
    return false;
  }
  lock.add(fence, FenceUsage.WRITE);
  lock.unlock();
  return true;
}
