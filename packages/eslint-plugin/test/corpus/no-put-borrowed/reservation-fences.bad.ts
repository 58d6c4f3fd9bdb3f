// A reservation keeps the fences it lists.
import { type DmaReservation, FenceUsage } from '@dma-fence/core';

export function list(reservation: DmaReservation): number {
  let count = 0;
  for (const fence of reservation.fences(FenceUsage.READ)) {
    count += 1;
    // reports no-put-borrowed
    fence.put();
  }
  return count;
}
