// The function is called while fences are signaled.
import type { DmaReservation, DriverFence } from '@dma-fence/core';

declare const buffers: DmaReservation;

/** @signallingPath */
export function onInterrupt(fence: DriverFence): void {
  // reports no-blocking-in-signalling
  void buffers.lock().then((lock) => {
    lock.unlock();
  });
  fence.signal();
}
