// A reservation is locked on the signalling path.
import { beginSignalling, type DmaReservation, type DriverFence } from '@dma-fence/core';

export async function finish(fence: DriverFence, reservation: DmaReservation): Promise<void> {
  using lock = await reservation.lock();
  using section = beginSignalling();
  fence.signal();
}
