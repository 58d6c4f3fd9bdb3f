// The function is called while fences are signaled.
import type { DmaReservation, DriverFence } from '@dma-fence/core';

declare const buffers: DmaReservation;

/** @signallingPath */
export function onInterrupt(fence: DriverFence): void {
  buffers.tryLock()?.unlock();
  fence.signal();
}
