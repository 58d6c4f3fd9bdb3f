import { waitAll, waitAny } from '@dma-fence/core';
import { queues } from './queues.js';
import { context, SIZE } from './subjects.js';

/** @typedef {import('../row.js').Row} Row */

/** @param {(promises: Promise<void>[]) => Promise<unknown>} combine */
const promises = (combine) => () => {
  /** @type {(() => void)[]} */
  const resolvers = new Array(SIZE);
  return async () => {
    const list = resolvers
      .fill(() => undefined)
      .map((_, i) => /** @type {Promise<void>} */ (new Promise((resolve) => (resolvers[i] = resolve))));
    const combined = combine(list);
    for (const resolve of resolvers) resolve();
    await combined;
  };
};

/** @param {(fences: import('@dma-fence/core').DriverFence[]) => Promise<unknown>} combine */
const fences = (combine) => () => {
  const ring = context();
  /** @type {import('@dma-fence/core').DriverFence[]} */
  const list = new Array(SIZE);
  return async () => {
    for (let i = 0; i < SIZE; i++) list[i] = ring.createFence();
    const combined = combine(list);
    for (const fence of list) fence.signal();
    await combined;
    for (const fence of list) fence.put();
  };
};

/** So many waits at once. */
const MANY = 20_000;

/**
 * @param {string} name of `queues`
 * @param {string} row
 * @returns {Row}
 */
function many(name, row) {
  const { promise, fence } = /** @type {NonNullable<(typeof queues)[string]>} */ (queues[name]);
  return {
    name: row,
    unit: 'ns',
    size: MANY,
    must: 4,
    variants: { promise: () => promise(MANY), fence: () => fence(MANY) },
  };
}

/** @type {Row[]} */
export const wait = [
  {
    name: 'fence.wait(), awaited at once',
    unit: 'ns',
    size: SIZE,
    must: 2.5,
    aim: 1.5,
    variants: {
      promise: () => async () => {
        for (let i = 0; i < SIZE; i++) {
          /** @type {() => void} */
          let resolve = () => undefined;
          const promise = /** @type {Promise<void>} */ (new Promise((done) => (resolve = done)));
          resolve();
          await promise;
        }
      },
      fence: () => {
        const ring = context();
        return async () => {
          for (let i = 0; i < SIZE; i++) {
            const fence = ring.createFence();
            const waited = fence.wait();
            fence.signal();
            await waited;
            fence.put();
          }
        };
      },
    },
  },
  many('waits: one each on as many fences', '20,000 waits on as many fences'),
  many('waits: all on one fence', '20,000 waits on one fence'),
  {
    name: 'waitAll of 1000',
    unit: 'ns',
    size: SIZE,
    must: 0.4,
    aim: 0.3,
    variants: {
      'Promise.all': promises((list) => Promise.all(list)),
      fence: fences((list) => waitAll(list)),
    },
  },
  {
    name: 'waitAny of 1000',
    unit: 'ns',
    size: SIZE,
    must: 0.5,
    aim: 0.4,
    variants: {
      'Promise.race': promises((list) => Promise.race(list)),
      fence: fences((list) => waitAny(list)),
    },
  },
  {
    name: 'reading signaled',
    unit: 'ns',
    size: SIZE,
    must: 3,
    aim: 1,
    variants: {
      'field read': () => {
        const list = Array.from({ length: SIZE }, (_, i) => ({ a: i, b: 0, done: i % 3 === 0 }));
        return read(list, (one) => one.done);
      },
      fence: () => {
        const ring = context();
        const list = Array.from({ length: SIZE }, (_, i) => {
          const fence = ring.createFence();
          if (i % 3 === 0) fence.signal();
          return fence;
        });
        return read(list, (fence) => fence.signaled);
      },
    },
  },
];

/** What reading found, so that it cannot be thought away. @public */
export let done = 0;

/**
 * @template T
 * @param {T[]} list
 * @param {(one: T) => boolean} ask
 */
function read(list, ask) {
  return () => {
    let found = 0;
    for (let round = 0; round < 50; round++) for (const one of list) if (ask(one)) found++;
    done += found;
  };
}
