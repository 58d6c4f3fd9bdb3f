import { DmaFenceContext, FenceError } from '@dma-fence/core';

const context = new DmaFenceContext({ driverName: 'worker', timelineName: 'timeline' });
const fence = context.createFence();
const late = context.createFence();

const timeout = late
  .wait({ timeoutMs: 1 })
  .catch((error: unknown) => (error instanceof FenceError ? error.code : error));
setTimeout(() => fence.signal(), 1);
await fence.wait();

postMessage([fence.name, fence.status, await timeout]);
