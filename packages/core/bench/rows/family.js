import {
  DmaReservation,
  fenceChain,
  FenceTimeline,
  FenceUsage,
  findChainSeqno,
  mergeFences,
  SyncObject,
} from '@dma-fence/core';
import { SIZE } from './subjects.js';

/** @typedef {import('../row.js').Row} Row */
/** @typedef {import('../row.js').Batch} Batch */

const timeline = () => new FenceTimeline({ driverName: 'bench', timelineName: 'ring0' });

/** @template T @typedef {{ promise: Promise<T>, resolve: (value: T) => void }} Deferred */

/** @returns {Deferred<void>} */
function defer() {
  /** @type {(value: void) => void} */
  let resolve = () => undefined;
  const promise = /** @type {Promise<void>} */ (new Promise((done) => (resolve = done)));
  return { promise, resolve };
}

/**
 * What the family of containers is for, each beside what one would write with promises, for `n` pieces.
 *
 * @type {Record<string, Record<'promise' | 'fence', (n: number) => Batch>>}
 */
export const family = {
  // The inputs of a job from 32 queues become the one thing to wait for.
  'merge over 32 timelines': {
    promise: (n) => async () => {
      const inputs = Array.from({ length: n }, defer);
      const all = Promise.all(inputs.map(({ promise }) => promise));
      for (const { resolve } of inputs) resolve();
      await all;
    },
    fence: (n) => {
      const rings = Array.from({ length: 32 }, timeline);
      return async () => {
        const inputs = Array.from({ length: n }, (_, i) =>
          /** @type {FenceTimeline} */ (rings[i % 32]).createFence(),
        );
        const merged = mergeFences(inputs);
        const done = merged.wait();
        for (const ring of rings) ring.advanceTo(ring.context.lastSeqno);
        await done;
        merged.put();
        for (const fence of inputs) fence.put();
      };
    },
  },
  // Readers of a buffer come from 32 queues; after each one it is asked whether it is busy; a writer waits for all.
  'reservation: add and ask': {
    promise: (n) => async () => {
      /** @type {Set<Promise<void>>} */
      const readers = new Set();
      const all = [];
      let busy = 0;
      for (let i = 0; i < n; i++) {
        const reader = defer();
        readers.add(reader.promise);
        void reader.promise.then(() => readers.delete(reader.promise));
        all.push(reader);
        if (readers.size > 0) busy++;
      }
      const writable = Promise.all(readers);
      for (const { resolve } of all) resolve();
      await writable;
      if (busy !== n) throw new Error('not busy');
    },
    fence: (n) => {
      const rings = Array.from({ length: 32 }, timeline);
      return async () => {
        const buffer = new DmaReservation();
        const lock = buffer.tryLock();
        let busy = 0;
        for (let i = 0; i < n; i++) {
          const reader = /** @type {FenceTimeline} */ (rings[i % 32]).createFence();
          lock?.add(reader, FenceUsage.READ);
          reader.put();
          if (!buffer.poll(FenceUsage.READ)) busy++;
        }
        const writable = buffer.wait(FenceUsage.READ);
        for (const ring of rings) ring.advanceTo(ring.context.lastSeqno);
        await writable;
        buffer[Symbol.dispose]();
        if (busy !== n) throw new Error('not busy');
      };
    },
  },
  // A timeline of points: each appended, then found and waited for.
  'chain: append and find': {
    promise: (n) => async () => {
      /** @type {Promise<unknown>} */
      let tail = Promise.resolve();
      /** @type {Map<number, Promise<unknown>>} */
      const points = new Map();
      const jobs = Array.from({ length: n }, defer);
      for (const [i, { promise }] of jobs.entries()) {
        tail = Promise.all([tail, promise]);
        points.set(i + 1, tail);
      }
      const newest = points.get(n);
      for (const { resolve } of jobs) resolve();
      await newest;
    },
    fence: (n) => async () => {
      const ring = timeline();
      let head;
      for (let i = 0; i < n; i++) {
        const job = ring.createFence();
        const next = fenceChain(head, job, i + 1);
        job.put();
        head?.put();
        head = next;
      }
      if (head === undefined) return;
      const newest = findChainSeqno(head, n);
      const done = newest.wait();
      ring.advanceTo(n);
      await done;
      newest.put();
      head.put();
    },
  },
  // Somebody waits for each point before it is submitted.
  'sync object: point': {
    promise: (n) => async () => {
      const points = Array.from({ length: n }, defer);
      const waits = points.map(({ promise }) => promise.then(() => undefined));
      /** @type {Promise<void>} */
      let tail = Promise.resolve();
      const jobs = Array.from({ length: n }, defer);
      for (const [i, { promise }] of jobs.entries()) {
        const before = tail;
        tail = promise.then(() => before).then(points[i]?.resolve);
      }
      for (const { resolve } of jobs) resolve();
      await Promise.all(waits);
    },
    fence: (n) => async () => {
      const ring = timeline();
      const object = new SyncObject();
      const waits = Array.from({ length: n }, (_, i) => object.wait({ point: i + 1, waitForSubmit: true }));
      for (let i = 0; i < n; i++) {
        const job = ring.createFence();
        object.addPoint(i + 1, job);
        job.put();
      }
      ring.advanceTo(n);
      await Promise.all(waits);
      object[Symbol.dispose]();
    },
  },
};

/** @type {Row[]} */
export const containers = Object.entries(family).map(([name, { promise, fence }]) => ({
  name,
  unit: 'ns',
  size: SIZE,
  variants: { promise: () => promise(SIZE), fence: () => fence(SIZE) },
}));
