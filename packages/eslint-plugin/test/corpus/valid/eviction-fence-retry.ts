import { AcquireContext, FenceError, type DmaReservation, type ReservationLock } from '@dma-fence/core';
export async function lockBoth(
  a: DmaReservation,
  b: DmaReservation,
  work: (x: ReservationLock, y: ReservationLock) => void,
): Promise<void> {
  using ctx = new AcquireContext();
  let first = a,
    second = b;
  for (;;) {
    using x = await first.lock(ctx);
    try {
      using y = await second.lock(ctx);
      work(x, y);
      return;
    } catch (e) {
      if (!(e instanceof FenceError) || e.code !== 'EDEADLK') throw e;
      [first, second] = [second, first];
    }
  }
}
