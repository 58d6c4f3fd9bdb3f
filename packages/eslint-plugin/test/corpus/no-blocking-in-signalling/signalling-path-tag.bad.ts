/** @signallingPath */
export async function complete(lock: import('@dma-fence/core').DmaReservation): Promise<void> {
  // reports no-blocking-in-signalling no-blocking-in-signalling no-floating-fence
  await lock.lock();
}
