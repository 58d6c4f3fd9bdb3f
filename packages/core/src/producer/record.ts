import { coreCallback, type AnyFenceCallback, type FenceCallback } from '../fence/callback.js';
import { unfit } from '../error.js';
import type { DmaFence } from '../fence/dma-fence.js';
import type { Borrowed } from '../fence/ownership.js';

/**
 * Makes a record of a producer's own: added and removed like every `FenceCallback`, but not a user's callback.
 *
 * Tracers do not hear of it, and the validator does not take what it calls for code inside a callback. Use it to let one
 * fence lead to another; whatever runs users' code in the end guards that code itself.
 *
 * @param run called inside the fence's `signal()` or `fail()`, with the fence (borrowed) and this record. It must not throw.
 * @param data whatever `run` wants to find again.
 * @throws FenceError `EINVAL` when `run` is no function.
 *
 * @example Two fences, the second after the first
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { producerRecord } from '@dma-fence/core/producer';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using first = context.createFence();
 * using second = context.createFence();
 * first.addCallback(producerRecord((_fence, { data }) => data.signal(), second));
 * first.signal();
 * second.signaled; // true
 * ```
 */
export function producerRecord<D = undefined>(
  run: (fence: DmaFence, record: FenceCallback<D>) => void,
  data?: D,
): FenceCallback<D> {
  if (typeof run !== 'function') throw unfit('producerRecord(): run', 'a function', run);
  return coreCallback(run, data as D);
}

/**
 * The fence that a record hangs on.
 *
 * @param record any `FenceCallback`.
 * @returns the fence, borrowed; undefined for a record that is free.
 *
 * @example Put what was kept for a record
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { fenceOfRecord, producerRecord } from '@dma-fence/core/producer';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using fence = context.createFence();
 * const record = producerRecord(() => undefined);
 * fence.addCallback(record);
 * fenceOfRecord(record) === fence; // true
 * fence.signal();
 * fenceOfRecord(record); // undefined
 * ```
 */
export function fenceOfRecord(record: AnyFenceCallback): Borrowed | undefined {
  return record._fence;
}
