import { FenceUsage, type DmaFence, type DmaReservation, type ReservationLock } from '@dma-fence/core';
export async function attach(r: DmaReservation, f: DmaFence): Promise<void> {
  let lock: ReservationLock | undefined;
  for (let i = 0; i < 3 && !lock; i++) lock = r.tryLock();
  lock ??= await r.lock();
  lock.add(f, FenceUsage.WRITE);
  lock.unlock();
}
