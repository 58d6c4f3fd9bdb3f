import { wrap, type FenceError } from '../error.js';
import { Failure } from '../fence/failure.js';
import type { DmaFence, DriverFence } from '../fence/dma-fence.js';
import { checkHeld, failure, failWith, type Fence } from '../fence/fence.js';

/**
 * A failure with its place in the order of all failures of the thread.
 *
 * For a fence that is made after its work has failed: "the first error" is then still told right.
 *
 * @example Keep one
 * ```ts
 * import { newFailure, type FenceFailure } from '@dma-fence/core/producer';
 *
 * const failure: FenceFailure = newFailure('no paper', 'job 7');
 * failure.error.code; // 'EIO'
 * ```
 */
export interface FenceFailure {
  /** What a fence with this failure has as its `error`. */
  readonly error: FenceError;
  /** Rises with every failure of the thread. */
  readonly order: number;
}

/**
 * Makes the failure that happens now.
 *
 * @param thrown anything: a `FenceError` is kept, another `Error` becomes the cause of an `EIO` (`AbortError`: `ECANCELED`,
 * `TimeoutError`: `ETIME`), and so does anything else.
 * @param whom the beginning of the message: who failed.
 *
 * @example What a job threw
 * ```ts
 * import { newFailure } from '@dma-fence/core/producer';
 *
 * newFailure(new Error('no paper'), 'job 7').error.message; // 'job 7 failed: no paper'
 * ```
 */
export function newFailure(thrown: unknown, whom: string): FenceFailure {
  return new Failure(wrap(thrown, whom), undefined);
}

/**
 * Fails a fence with a failure that has its place in the order already.
 *
 * @param fence whose producer the caller is.
 * @param failure of `newFailure` or `firstFailure`.
 * @returns whether this call won, as `fail` does.
 * @throws FenceError `EINVAL` after the last reference was put.
 *
 * @example A fence that is made late
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { failWithFailure, newFailure } from '@dma-fence/core/producer';
 *
 * const failure = newFailure('no paper', 'job 7');
 * const context = new DmaFenceContext({ driverName: 'printer', timelineName: 'jobs' });
 * using fence = context.createFence();
 * failWithFailure(fence, failure); // true
 * ```
 */
export function failWithFailure(fence: DriverFence, { error, order }: FenceFailure): boolean {
  const own = fence as Fence;
  checkHeld(own, 'fail');
  if (own.signaled) return false;
  failWith(own, new Failure(error, undefined, order));
  return true;
}

/**
 * The failure of a fence that has failed, with its place in the order of failures.
 *
 * @param fence borrowed.
 * @returns undefined for a fence that is pending or has succeeded.
 *
 * @example Which came first
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { failureOfFence } from '@dma-fence/core/producer';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using fence = context.createFence();
 * fence.fail('EIO');
 * failureOfFence(fence)?.error === fence.error; // true
 * ```
 */
export function failureOfFence(fence: DmaFence): FenceFailure | undefined {
  return failure(fence as Fence);
}
