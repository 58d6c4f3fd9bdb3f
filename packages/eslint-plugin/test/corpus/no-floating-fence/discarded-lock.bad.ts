// The lock is taken and nobody can give it back.
import type { DmaFence, DmaReservation } from '@dma-fence/core';

export async function touch(reservation: DmaReservation, fence: DmaFence): Promise<void> {
  // reports no-floating-fence
  await reservation.lock();
  console.log(fence.name);
}
