import {
  AcquireContext,
  type DmaFenceContext,
  type DmaReservation,
  FenceError,
  FenceUsage,
  type ReservationLock,
} from '@dma-fence/core';

/** Takes all locks, giving way to older transactions. */
export async function attach(buffers: readonly DmaReservation[], context: DmaFenceContext): Promise<void> {
  using acquire = new AcquireContext();
  const locks: ReservationLock[] = [];
  retry: for (;;) {
    for (const buffer of buffers) {
      try {
        locks.push(await buffer.lock(acquire));
      } catch (error) {
        for (const lock of locks.splice(0)) lock.unlock();
        if (error instanceof FenceError && error.code === 'EDEADLK') continue retry;
        throw error;
      }
    }
    break;
  }
  const fence = context.createFence();
  try {
    for (const lock of locks) lock.add(fence, FenceUsage.WRITE);
    fence.signal();
  } finally {
    fence.put();
    for (const lock of locks) lock.unlock();
  }
}
