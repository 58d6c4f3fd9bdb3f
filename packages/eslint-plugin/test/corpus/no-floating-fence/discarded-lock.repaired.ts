// The lock is taken and nobody can give it back.
import { type DmaFence, type DmaReservation, FenceUsage } from '@dma-fence/core';

export async function touch(reservation: DmaReservation, fence: DmaFence): Promise<void> {
  using lock = await reservation.lock();
  lock.add(fence, FenceUsage.READ);
}
