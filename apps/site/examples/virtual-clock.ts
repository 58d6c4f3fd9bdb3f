import { DmaFenceContext } from '@dma-fence/core';
import { virtualClock } from '@dma-fence/core/testing';

// A test of a timeout of an hour, in no time.
using clock = virtualClock();
const context = new DmaFenceContext({ driverName: 'test', timelineName: 'slow' });
using fence = context.createFence();

const waiting = fence.wait({ timeoutMs: 3_600_000 }).catch((error: unknown) => error);
await clock.advance(3_600_000);
console.log('after an hour:', await waiting);
fence.signal();
