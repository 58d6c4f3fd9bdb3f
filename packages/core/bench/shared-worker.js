import { parentPort, workerData } from 'node:worker_threads';
import { SharedTimeline } from '@dma-fence/core/shared';

/** @import { SharedTimelineHandle } from '@dma-fence/core/shared' */

/** @type {unknown} */
const data = workerData;
const { words, ping, pong } =
  /** @type {{ words: Int32Array; ping: SharedTimelineHandle; pong: SharedTimelineHandle }} */ (data);
const from = SharedTimeline.attach(ping);
const to = SharedTimeline.attach(pong);

/** @type {Record<string, (count: number) => void>} the other side of every way to hand over */
const roles = {
  raw(count) {
    for (let i = 1; i <= count; i++) {
      while (Atomics.load(words, 0) < i) Atomics.wait(words, 0, i - 1);
      Atomics.store(words, 1, i);
      Atomics.notify(words, 1);
    }
  },
  timeline(count) {
    const first = to.value;
    for (let value = first + 1; value <= first + count; value++) {
      from.waitSync(value);
      to.advanceTo(value);
    }
  },
  /** Sleeps through `count` values: every advance wakes it. */
  sleep(count) {
    from.waitSync(count);
  },
};

parentPort?.on('message', (/** @type {{ role: string; count: number } | 'ping'} */ message) => {
  if (message === 'ping') {
    parentPort?.postMessage('pong');
    return;
  }
  parentPort?.postMessage('ready');
  roles[message.role]?.(message.count);
  parentPort?.postMessage('over');
});
