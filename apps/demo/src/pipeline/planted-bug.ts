import type { Borrowed, DmaReservation } from '@dma-fence/core';

/*
 * The classic deadlock of fences and locks, for `--deadlock`. One side holds a buffer's lock while it waits for the
 * upload; the other side, inside the section that signals the upload, wants the same lock. If the first comes before the
 * second, neither goes on, ever. Here it never does: the wait comes when the upload has long been over.
 */

/** One side: asks for the buffer's lock where the fence of the upload is about to be signaled. */
export function lockWhileSignalling(buffer: DmaReservation): void {
  void buffer.lock().then((lock) => {
    lock.unlock();
  });
}

/** The other side: waits for the upload with the buffer's lock in hand. */
export async function waitUnderLock(buffer: DmaReservation, upload: Borrowed): Promise<void> {
  using _lock = await buffer.lock();
  await upload.wait();
}
