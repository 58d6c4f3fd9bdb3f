import { DmaFenceContext } from '@dma-fence/core';

const context = new DmaFenceContext({ driverName: 'codec', timelineName: 'decode' });
const fence = context.createFence();

fence.addCallback(() => console.log('the callback runs inside signal()'));

setTimeout(() => {
  fence.signal();
  console.log('signal() has returned');
}, 30);

await fence.wait({ timeoutMs: 1000 });
console.log('the wait is over:', fence.status);
fence.put();
