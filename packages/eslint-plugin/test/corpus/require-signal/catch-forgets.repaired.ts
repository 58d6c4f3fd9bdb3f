// The catch cleans up everything but the people who wait.
import { type DmaFenceContext, type DmaReservation, FenceUsage } from '@dma-fence/core';

export async function upload(
  context: DmaFenceContext,
  target: DmaReservation,
  write: () => Promise<void>,
): Promise<boolean> {
  const fence = context.createFence();
  using lock = await target.lock();
  lock.add(fence, FenceUsage.WRITE);
  lock.unlock();
  try {
    await write();
    fence.signal();
    return true;
  } catch (error) {
    fence.fail(error instanceof Error ? error : 'EIO');
    console.error(error);
    return false;
  } finally {
    fence.put();
  }
}
