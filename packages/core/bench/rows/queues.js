import { DmaReservation, FenceUsage, SyncObject } from '@dma-fence/core';
import { context } from './subjects.js';

// What many do at once to one thing: each must cost the same however many there are. The other side is what one would write with
// promises: a promise for each, a chain of promises for a lock.

/** @returns {{ promise: Promise<void>, resolve: () => void }} */
function defer() {
  let resolve = () => undefined;
  const promise = /** @type {Promise<void>} */ (
    new Promise((done) => (resolve = /** @type {() => undefined} */ (done)))
  );
  return { promise, resolve };
}

/** @param {number} n */
const promised = (n) => async () => {
  const list = Array.from({ length: n }, defer);
  const waits = list.map(({ promise }) => promise.then(() => undefined));
  for (const { resolve } of list) resolve();
  await Promise.all(waits);
};

/** @type {Record<string, { promise: (n: number) => import('../row.js').Batch, fence: (n: number) => import('../row.js').Batch }>} */
export const queues = {
  'waits: one each on as many fences': {
    promise: promised,
    fence: (n) => {
      const ring = context();
      return async () => {
        const list = Array.from({ length: n }, () => ring.createFence());
        const waits = list.map((fence) => fence.wait());
        for (const fence of list) fence.signal();
        await Promise.all(waits);
        for (const fence of list) fence.put();
      };
    },
  },
  'waits: all on one fence': {
    promise: (n) => async () => {
      const { promise, resolve } = defer();
      const waits = Array.from({ length: n }, () => promise.then(() => undefined));
      resolve();
      await Promise.all(waits);
    },
    fence: (n) => {
      const ring = context();
      return async () => {
        const fence = ring.createFence();
        const waits = Array.from({ length: n }, () => fence.wait());
        fence.signal();
        await Promise.all(waits);
        fence.put();
      };
    },
  },
  'aborts: waits with one signal, then its abort': {
    promise: promised,
    fence: (n) => {
      const ring = context();
      return async () => {
        const controller = new AbortController();
        const { signal } = controller;
        const list = Array.from({ length: n }, () => ring.createFence());
        const waits = list.map((fence) => fence.wait({ signal }).catch(() => undefined));
        controller.abort();
        await Promise.all(waits);
        for (const fence of list) {
          fence.signal();
          fence.put();
        }
      };
    },
  },
  'locks: tasks that lock one reservation': {
    promise: (n) => async () => {
      /** @type {Promise<void>} */
      let tail = Promise.resolve();
      const task = async () => {
        const { promise, resolve } = defer();
        const before = tail;
        tail = promise;
        await before;
        resolve();
      };
      await Promise.all(Array.from({ length: n }, task));
    },
    fence: (n) => async () => {
      const buffer = new DmaReservation();
      const task = async () => {
        const lock = await buffer.lock();
        lock.unlock();
      };
      await Promise.all(Array.from({ length: n }, task));
    },
  },
  'slots: fences of as many timelines in one reservation, then a wait': {
    promise: promised,
    fence: (n) => {
      const rings = Array.from({ length: n }, context);
      return async () => {
        const buffer = new DmaReservation();
        const lock = buffer.tryLock();
        const list = rings.map((ring) => ring.createFence());
        for (const fence of list) lock?.add(fence, FenceUsage.READ);
        lock?.unlock();
        const writable = buffer.wait(FenceUsage.READ);
        for (const fence of list) {
          fence.signal();
          fence.put();
        }
        await writable;
        buffer[Symbol.dispose]();
      };
    },
  },
  'slots: waits for points of one sync object, the last point first': {
    promise: promised,
    fence: (n) => async () => {
      const slot = new SyncObject();
      const waits = Array.from({ length: n }, (_, i) => slot.wait({ point: n - i, available: true }));
      slot.signal(n);
      await Promise.all(waits);
      slot[Symbol.dispose]();
    },
  },
};
