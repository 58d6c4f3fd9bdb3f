// The reservation's wait is not awaited before the buffer is written.
import { type DmaReservation, FenceUsage } from '@dma-fence/core';

declare function write(): void;

export async function overwrite(reservation: DmaReservation): Promise<void> {
  // reports no-misused-wait
  reservation.wait(FenceUsage.WRITE);
  write();
}
