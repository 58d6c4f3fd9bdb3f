import { beginSignalling, DmaFenceContext } from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';

// Nothing hangs in this run. The validator finds all the same that something could.
using checking = lockdep.enable();

const cache = lockdep.classOf('cache');
const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
using fence = context.createFence();
fence.signal();

async function evict(): Promise<void> {
  const held = lockdep.acquire(cache);
  await fence.wait(); // waits for a fence while it holds the cache's lock …
  lockdep.release(held);
}

function onInterrupt(): void {
  const section = beginSignalling();
  lockdep.release(lockdep.acquire(cache)); // … which the code that signals fences takes
  section.end();
}

await evict();
onInterrupt();
console.log(`reports: ${checking.reports.length}`);
