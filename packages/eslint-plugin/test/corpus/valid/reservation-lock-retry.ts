import {
  AcquireContext,
  FenceError,
  FenceUsage,
  type DmaFence,
  type DmaReservation,
  type ReservationLock,
} from '@dma-fence/core';
export async function lockBoth(a: DmaReservation, b: DmaReservation, done: DmaFence): Promise<void> {
  let first = a;
  let second = b;
  for (;;) {
    using acquire = new AcquireContext();
    const lock: ReservationLock = await first.lock(acquire);
    try {
      const other = await second.lock(acquire);
      lock.add(done, FenceUsage.READ);
      other.add(done, FenceUsage.WRITE);
      return;
    } catch (error) {
      if (!(error instanceof FenceError) || error.code !== 'EDEADLK') throw error;
      [first, second] = [second, first];
    }
  }
}
