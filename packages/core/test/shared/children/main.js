import { Worker } from 'node:worker_threads';
import { FenceError, waitAny } from '@dma-fence/core';
import { SharedTimeline } from '@dma-fence/core/shared';

// A process of its own, since its end is what is tested: says what happened, and is over when nothing keeps it.

const mode = process.argv[2];
if (mode === 'poll') Reflect.deleteProperty(Atomics, 'waitAsync');

const timeline = SharedTimeline.create({ driverName: 'child', timelineName: 'work' });
const worker = new Worker(new URL('sleeper.js', import.meta.url), {
  workerData: timeline.handle,
  execArgv: [],
});
worker.unref();
const fence = timeline.fenceAt(1);

switch (mode) {
  case 'await':
  case 'poll':
    await fence.wait();
    console.log('awaited');
    break;
  case 'any':
    console.log(`any ${String(await waitAny([timeline.fenceAt(2), fence]))}`);
    break;
  case 'callback':
    fence.addCallback(() => {
      console.log('called');
    });
    console.log('registered');
    break;
  case 'abort': {
    const stop = new AbortController();
    const wait = fence.wait({ signal: stop.signal });
    stop.abort(new Error('enough'));
    await wait.catch((/** @type {unknown} */ error) => {
      console.log(error instanceof Error ? error.message : error);
    });
    break;
  }
  case 'timeout':
    await timeline
      .fenceAt(7)
      .wait({ timeoutMs: 0.3 })
      .catch((/** @type {unknown} */ error) => {
        console.log(error instanceof FenceError ? error.code : error);
      });
    break;
  case 'blocks':
    timeline.waitSync(1);
    console.log('blocked, then done');
    break;
  case 'owner': {
    // Asleep for a minute when it is terminated: it finishes the first value, and owes the second.
    timeline.bindOwner(worker, 'EOWNERDEAD');
    await fence.wait();
    const owed = timeline.fenceAt(2);
    timeline.reserve();
    const wait = owed.wait().catch(() => undefined);
    await worker.terminate();
    await wait;
    console.log(owed.error?.code);
    break;
  }
  case 'crash': {
    const thrower = new Worker(new URL('thrower.js', import.meta.url), {
      workerData: timeline.handle,
      execArgv: [],
    });
    thrower.on('error', () => undefined);
    timeline.bindOwner(thrower, 'EOWNERDEAD');
    timeline.reserve();
    const owed = timeline.fenceAt(timeline.reserve());
    await owed.wait().catch(() => undefined);
    console.log(fence.status, owed.error?.code);
    break;
  }
}
