import type { DmaFence } from '@dma-fence/core';
import { context, createContextKey, type Context } from '@opentelemetry/api';
import { anyRecordOf, type FenceRecord } from './fence-record.js';
import { checkFence } from './trace-context.js';

/** Under it a context tells whose work is done in it. Shared by all copies of this package, as the API's own keys are. */
const WAITER = createContextKey('@dma-fence/otel waiter');

/** The fence whose work is done in a context. */
export function waiterIn(active: Context): FenceRecord | undefined {
  return active.getValue(WAITER) as FenceRecord | undefined;
}

/**
 * Runs the work of a fence inside its span: spans that begin there are its children, and waits say which fence waits.
 *
 * A wait's span then belongs to the waiting fence's timeline: it comes from its tracer provider, so in Jaeger it has its service and
 * colour, and `dma_fence.waiter` names it.
 *
 * @param fence whose work it is; borrowed.
 * @param work runs at once, also where the fence is not traced; what it awaits is inside as well.
 * @returns what `work` returns.
 * @throws FenceError `EINVAL` for what is no fence; and whatever `work` throws.
 *
 * @example A job that waits for its input
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { insideFence } from '@dma-fence/otel';
 *
 * const input = new DmaFenceContext({ driverName: 'gpu', timelineName: 'copy' }).createFence();
 * const job = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' }).createFence();
 * const done = insideFence(job, async () => {
 *   await input.wait(); // the span `wait copy` is a child of `fence ring0`
 *   job.signal();
 * });
 * input.signal();
 * await done;
 * for (const fence of [input, job]) fence.put();
 * ```
 */
export function insideFence<R>(fence: DmaFence, work: () => R): R {
  checkFence('insideFence', fence);
  const record = anyRecordOf(fence);
  if (record?.span === undefined) return work();
  return context.with(record.inside.setValue(WAITER, record), work);
}
