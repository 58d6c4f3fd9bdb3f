import { DmaFenceContext, DmaReservation, FenceUsage } from '@dma-fence/core';

const buffer = new DmaReservation();
const queue = new DmaFenceContext({ driverName: 'gpu', timelineName: 'render' });

using written = queue.createFence();
{
  using lock = await buffer.lock();
  lock.add(written, FenceUsage.WRITE);
}
setTimeout(() => written.signal(), 40);

// Readers wait for writers, and know nothing of them.
await buffer.wait(FenceUsage.WRITE, { timeoutMs: 1000 });
console.log('now it may be read');
