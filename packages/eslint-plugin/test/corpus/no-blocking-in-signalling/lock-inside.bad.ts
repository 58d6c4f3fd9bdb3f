// A reservation is locked on the signalling path.
import { beginSignalling, type DmaReservation, type DriverFence } from '@dma-fence/core';

export async function finish(fence: DriverFence, reservation: DmaReservation): Promise<void> {
  const section = beginSignalling();
  // reports no-blocking-in-signalling
  void reservation.lock().then((lock) => {
    lock.unlock();
  });
  fence.signal();
  section.end();
}
