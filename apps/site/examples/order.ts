import { FenceTimeline } from '@dma-fence/core';

// The hardware reports how far it got; the timeline turns that number into signals, in order.
const ring = new FenceTimeline({ driverName: 'gpu', timelineName: 'ring0' });
const copies = new FenceTimeline({ driverName: 'gpu', timelineName: 'copy' });
const jobs = [ring.createFence(), ring.createFence(), ring.createFence()];
const copy = copies.createFence();

setTimeout(() => copies.advanceTo(1), 15);
setTimeout(() => ring.advanceTo(2), 30); // two jobs at once
setTimeout(() => ring.advanceTo(3, 'EIO'), 60); // the third one failed

const results = await Promise.allSettled([...jobs, copy].map((fence) => fence.wait()));
console.log(results.map(({ status }) => status).join(', '));
for (const fence of [...jobs, copy]) fence.put();
