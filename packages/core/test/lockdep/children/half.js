/** One half of a program of two threads: takes its lock as it is told to, advances the timeline, tells what was reported. */
import { SharedTimeline } from '@dma-fence/core/shared';
import { lockdep } from '@dma-fence/core/lockdep';
import { parentPort, workerData } from 'node:worker_threads';

/** @import { SharedTimelineHandle } from '@dma-fence/core/shared' */

/** @type {unknown} */
const given = workerData;
const data = /** @type {{ handle: SharedTimelineHandle, lock: string }} */ (given);
const timeline = SharedTimeline.attach(data.handle);
const session = lockdep.enable({ onReport: () => undefined });
const disk = lockdep.classOf(data.lock);

/** Web Locks as far as one holder needs them: not every Node has them. */
const locks = lockdep.wrap(
  {
    /**
     * @param {string} _name
     * @param {(lock: object) => Promise<void>} work
     */
    async request(_name, work) {
      await Promise.resolve();
      await work({});
    },
    query: () => Promise.resolve({}),
  },
  'locks',
);

/** @type {Record<string, (value: number) => void | Promise<void>>} */
const ways = {
  before(value) {
    const held = lockdep.acquire(disk);
    lockdep.release(held);
    timeline.advanceTo(value);
  },
  under(value) {
    const held = lockdep.acquire(disk);
    timeline.advanceTo(value);
    lockdep.release(held);
  },
  after(value) {
    timeline.advanceTo(value);
    lockdep.release(lockdep.acquire(disk));
  },
  async web(value) {
    await locks.request(data.lock, () => Promise.resolve());
    timeline.advanceTo(value);
  },
  async unawaited(value) {
    void locks.request(data.lock, () => Promise.resolve());
    await Promise.resolve();
    timeline.advanceTo(value);
  },
};

/** @param {{ way: string, value: number }} told */
async function advance({ way, value }) {
  await ways[way]?.(value);
  await new Promise((resolve) => setTimeout(resolve));
  parentPort?.postMessage(session.reports.map(({ text }) => text));
}

parentPort?.on('message', (/** @type {{ way: string, value: number }} */ told) => {
  void advance(told);
});
