// The lock is taken before the section begins.
import { beginSignalling, type DmaReservation, type DriverFence, FenceUsage } from '@dma-fence/core';

export async function finish(fence: DriverFence, reservation: DmaReservation): Promise<void> {
  using lock = await reservation.lock();
  lock.add(fence, FenceUsage.WRITE);
  using section = beginSignalling();
  fence.signal();
}
