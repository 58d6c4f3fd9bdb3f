// All buffers of a job are locked after its fence was published.
import {
  beginSignalling,
  type DmaReservation,
  type DriverFence,
  FenceUsage,
  lockReservations,
} from '@dma-fence/core';

export async function submit(fence: DriverFence, buffers: readonly DmaReservation[]): Promise<void> {
  fence.beginSignalling();
  // reports no-blocking-in-signalling
  using locks = await lockReservations(buffers);
  for (const buffer of buffers) locks.of(buffer).add(fence, FenceUsage.WRITE);
  fence.signal();
}
