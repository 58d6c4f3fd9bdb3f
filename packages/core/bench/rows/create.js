import { EventEmitter } from 'node:events';
import { Deferred, Effect } from 'effect';
import pDefer from 'p-defer';
import { AsyncSubject } from 'rxjs';
import { context, count, SIZE, sixteen } from './subjects.js';

/** @typedef {import('../row.js').Row} Row */

/**
 * All are created with one callback each and held, then all are completed, then the callbacks have run.
 *
 * @param {readonly (() => void)[]} callbacks
 * @returns {Row['variants']}
 */
function variants(callbacks) {
  const callback = (/** @type {number} */ i) => /** @type {() => void} */ (callbacks[i % callbacks.length]);
  return {
    promise: () => {
      /** @type {(() => void)[]} */
      const held = new Array(SIZE);
      return async () => {
        let last;
        for (let i = 0; i < SIZE; i++) {
          last = /** @type {Promise<void>} */ (new Promise((resolve) => (held[i] = resolve))).then(
            callback(i),
          );
        }
        for (let i = 0; i < SIZE; i++) held[i]?.();
        await last;
      };
    },
    fence: () => {
      const ring = context();
      /** @type {import('@dma-fence/core').DriverFence[]} */
      const held = new Array(SIZE);
      return () => {
        for (let i = 0; i < SIZE; i++) {
          const fence = (held[i] = ring.createFence());
          fence.addCallback(callback(i));
        }
        for (let i = 0; i < SIZE; i++) {
          held[i]?.signal();
          held[i]?.put();
        }
      };
    },
    'p-defer': () => {
      /** @type {import('p-defer').DeferredPromise<void>[]} */
      const held = new Array(SIZE);
      return async () => {
        let last;
        for (let i = 0; i < SIZE; i++) last = (held[i] = pDefer()).promise.then(callback(i));
        for (let i = 0; i < SIZE; i++) held[i]?.resolve();
        await last;
      };
    },
    EventEmitter: () => {
      /** @type {EventEmitter[]} */
      const held = new Array(SIZE);
      return () => {
        for (let i = 0; i < SIZE; i++) (held[i] = new EventEmitter()).once('signal', callback(i));
        for (let i = 0; i < SIZE; i++) held[i]?.emit('signal');
      };
    },
    AbortSignal: () => {
      /** @type {AbortController[]} */
      const held = new Array(SIZE);
      return () => {
        for (let i = 0; i < SIZE; i++)
          (held[i] = new AbortController()).signal.addEventListener('abort', callback(i));
        for (let i = 0; i < SIZE; i++) held[i]?.abort();
      };
    },
    'RxJS AsyncSubject': () => {
      /** @type {AsyncSubject<unknown>[]} */
      const held = new Array(SIZE);
      return () => {
        for (let i = 0; i < SIZE; i++) (held[i] = new AsyncSubject()).subscribe(callback(i));
        for (let i = 0; i < SIZE; i++) {
          held[i]?.next(undefined);
          held[i]?.complete();
        }
      };
    },
    'Effect Deferred': () => {
      /** @type {Deferred.Deferred<void>[]} */
      const held = new Array(SIZE);
      return async () => {
        let left = SIZE;
        await new Promise((resolve) => {
          for (let i = 0; i < SIZE; i++) {
            const deferred = (held[i] = Deferred.makeUnsafe());
            const run = callback(i);
            Effect.runCallback(Deferred.await(deferred), {
              onExit: () => {
                run();
                if (--left === 0) resolve(undefined);
              },
            });
          }
          for (let i = 0; i < SIZE; i++)
            Deferred.doneUnsafe(/** @type {Deferred.Deferred<void>} */ (held[i]), Effect.void);
        });
      };
    },
  };
}

/** @type {Row[]} */
export const create = [
  {
    name: 'create + 1 callback + signal + put',
    unit: 'ns',
    size: SIZE,
    must: 0.35,
    aim: 0.25,
    variants: variants([count]),
  },
  {
    name: 'create: the same, 16 different callbacks',
    unit: 'ns',
    size: SIZE,
    must: 0.6,
    aim: 0.45,
    variants: variants(sixteen),
  },
];
