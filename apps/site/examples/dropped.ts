import { DmaFenceContext } from '@dma-fence/core';

const context = new DmaFenceContext({ driverName: 'codec', timelineName: 'decode' });

function forgetful(): Promise<void> {
  const fence = context.createFence();
  const waiting = fence.wait();
  fence.put(); // the last reference, and nobody has signaled
  return waiting;
}

// A promise would stay pending for ever. The fence fails, and a warning names it.
await forgetful().catch((error: unknown) => console.log('caught:', error));
