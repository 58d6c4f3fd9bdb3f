import { EventEmitter } from 'node:events';
import { FenceCallback, waitAny } from '@dma-fence/core';
import { Deferred } from 'effect';
import pDefer from 'p-defer';
import { AsyncSubject } from 'rxjs';
import { context, count } from './subjects.js';

/** @typedef {import('../row.js').Row} Row */

/**
 * @param {number} size
 * @param {() => unknown} make
 */
function fill(size, make) {
  /** @type {unknown[]} */
  const held = new Array(size).fill(0);
  for (let i = 0; i < size; i++) held[i] = make();
  return held;
}

/**
 * The list that holds the pieces is 8 bytes a piece in every variant; it is taken off.
 *
 * @param {() => unknown} make
 */
const each = (make) => (/** @type {number} */ size) => fill(size, make);

/** @type {Row[]} */
export const memory = [
  {
    name: 'bytes a pending one with 1 callback (list slot included)',
    unit: 'bytes',
    size: 200_000,
    must: 112,
    aim: 96,
    absolute: true,
    variants: {
      promise: each(() => {
        /** @type {unknown} */
        let resolver;
        void new Promise((resolve) => (resolver = resolve)).then(count);
        return resolver;
      }),
      fence: (size) => {
        const ring = context();
        return fill(size, () => {
          const fence = ring.createFence();
          fence.addCallback(count);
          return fence;
        });
      },
      'fence, removable callback': (size) => {
        const ring = context();
        return fill(size, () => {
          const fence = ring.createFence();
          fence.addCallback(new FenceCallback(count));
          return fence;
        });
      },
      'p-defer': each(() => {
        const deferred = pDefer();
        void deferred.promise.then(count);
        return deferred;
      }),
      EventEmitter: each(() => new EventEmitter().once('signal', count)),
      AbortSignal: each(() => {
        const controller = new AbortController();
        controller.signal.addEventListener('abort', count);
        return controller;
      }),
      'RxJS AsyncSubject': each(() => {
        const subject = new AsyncSubject();
        subject.subscribe(count);
        return subject;
      }),
      'Effect Deferred, no callback': each(() => Deferred.makeUnsafe()),
    },
  },
  {
    name: 'bytes a pending fence.wait(), its fence and list slot included',
    unit: 'bytes',
    size: 100_000,
    must: 488,
    aim: 338,
    absolute: true,
    variants: {
      'promise with then': each(() => {
        /** @type {unknown} */
        let resolver;
        void new Promise((resolve) => (resolver = resolve)).then(count);
        return resolver;
      }),
      fence: (size) => {
        const ring = context();
        return fill(size, () => {
          const fence = ring.createFence();
          void fence.wait();
          return fence;
        });
      },
    },
  },
  {
    name: 'bytes kept a finished waitAny on a long-lived one',
    unit: 'bytes',
    // Many, so that what the engine keeps of its own, 100 kB more or less, is nothing beside it.
    size: 400_000,
    must: 1,
    aim: 1,
    absolute: true,
    variants: {
      'Promise.race': async (size) => {
        /** @type {unknown} */
        let keep;
        const long = new Promise((resolve) => (keep = resolve));
        for (let i = 0; i < size; i++) await Promise.race([long, Promise.resolve()]);
        return [long, keep];
      },
      fence: async (size) => {
        const ring = context();
        const long = ring.createFence();
        for (let i = 0; i < size; i++) {
          const short = ring.createFence();
          const any = waitAny([long, short]);
          short.signal();
          await any;
          short.put();
        }
        return long;
      },
    },
  },
];
