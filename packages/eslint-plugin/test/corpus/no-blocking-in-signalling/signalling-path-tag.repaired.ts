/** @signallingPath */
export function complete(lock: import('@dma-fence/core').DmaReservation): void {
  lock.tryLock()?.unlock();
}
