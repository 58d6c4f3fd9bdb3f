// The one fence of a reservation is asked for, and the reference that comes with it is forgotten.
import { type DmaReservation, FenceUsage } from '@dma-fence/core';

export async function idleBuffer(reservation: DmaReservation): Promise<void> {
  // reports no-fence-leak
  const fence = reservation.singleton(FenceUsage.WRITE);
  if (fence === undefined) return;
  await fence.wait();
}
