import { EventEmitter } from 'node:events';
import { FenceCallback } from '@dma-fence/core';
import { context, count, SIZE } from './subjects.js';

/** @typedef {import('../row.js').Row} Row */

/** @type {Row[]} */
export const fanOut = [
  {
    name: 'fan-out of 1 fence to 1000 callbacks',
    unit: 'ns',
    size: SIZE,
    must: 0.3,
    aim: 0.2,
    variants: {
      promise: () => async () => {
        /** @type {() => void} */
        let resolve = () => undefined;
        const promise = /** @type {Promise<void>} */ (new Promise((done) => (resolve = done)));
        let last;
        for (let i = 0; i < SIZE; i++) last = promise.then(count);
        resolve();
        await last;
      },
      fence: () => {
        const ring = context();
        return () => {
          const fence = ring.createFence();
          for (let i = 0; i < SIZE; i++) fence.addCallback(count);
          fence.signal();
          fence.put();
        };
      },
      EventEmitter: () => () => {
        const emitter = new EventEmitter().setMaxListeners(0);
        for (let i = 0; i < SIZE; i++) emitter.on('signal', count);
        emitter.emit('signal');
      },
      AbortSignal: () => () => {
        const controller = new AbortController();
        for (let i = 0; i < SIZE; i++)
          controller.signal.addEventListener('abort', () => {
            count();
          });
        controller.abort();
      },
    },
  },
  {
    name: 'remove 1000 callbacks in scrambled order',
    unit: 'ns',
    size: SIZE,
    must: 0.1,
    variants: {
      EventEmitter: () => {
        const listeners = Array.from({ length: SIZE }, () => () => {
          count();
        });
        return () => {
          const emitter = new EventEmitter().setMaxListeners(0);
          for (const listener of listeners) emitter.on('signal', listener);
          for (let i = 0; i < SIZE; i++)
            emitter.off('signal', /** @type {() => void} */ (listeners[(i * 7) % SIZE]));
        };
      },
      fence: () => {
        const ring = context();
        const records = Array.from({ length: SIZE }, () => new FenceCallback(count));
        return () => {
          const fence = ring.createFence();
          for (const record of records) fence.addCallback(record);
          for (let i = 0; i < SIZE; i++)
            fence.removeCallback(/** @type {FenceCallback} */ (records[(i * 7) % SIZE]));
          fence.signal();
          fence.put();
        };
      },
    },
  },
];
