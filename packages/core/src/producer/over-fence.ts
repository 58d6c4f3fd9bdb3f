import { DmaFenceContext } from '../fence/context.js';
import { unfit } from '../error.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { Failure } from '../fence/failure.js';
import { FAILED, Fence, SIGNALED } from '../fence/fence.js';
import type { Owned } from '../fence/ownership.js';
import type { FenceFailure } from './failure.js';

/**
 * Makes a fence that is over from the beginning, for work that ended before anybody asked for its fence.
 *
 * Tracers do not hear of it, and it never counts as pending: nothing happens any more.
 *
 * @param context of the producer.
 * @param seqno the number of the work; raises `lastSeqno` to at least it.
 * @param data handed over to the fence.
 * @param failure why the work failed; without one it succeeded.
 * @returns the fence; owned by the caller.
 * @throws FenceError `EINVAL` for anything but a context and an integer from 0.
 *
 * @example Asked for too late
 * ```ts
 * import { newFailure, overFence, producerContext } from '@dma-fence/core/producer';
 *
 * const failure = newFailure('no paper', 'job 7');
 * const context = producerContext({ driverName: 'printer', timelineName: 'jobs' }, 'submit a job');
 * using fence = overFence(context, 7, undefined, failure);
 * fence.status; // 'failed'
 * ```
 */
export function overFence<T>(
  context: DmaFenceContext,
  seqno: number,
  data: T,
  failure?: FenceFailure,
): Owned<DmaFence<T>> {
  if (!(context instanceof DmaFenceContext)) {
    throw unfit('overFence(): context', 'a DmaFenceContext', context);
  }
  if (!Number.isSafeInteger(seqno) || seqno < 0) {
    throw unfit('overFence(): seqno', 'an integer from 0 to 2^53-1', seqno);
  }
  if (seqno > context._lastSeqno) context._lastSeqno = seqno;
  const flags = context._flags | SIGNALED | (failure === undefined ? 0 : FAILED);
  const fence = new Fence(context, seqno, data, flags);
  if (failure !== undefined) {
    fence._callbacksOrResult = new Failure(failure.error, undefined, failure.order);
  }
  return fence;
}
