import { invalid } from '../error.js';
import { survey } from '../fence/arguments.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { limitsOf } from './limits.js';
import { waitForSeveral } from './several-wait.js';

/**
 * Limits of a wait: a timeout and an abort signal.
 *
 * @example Ten milliseconds, unless the user leaves
 * ```ts
 * import type { WaitOptions } from '@dma-fence/core';
 *
 * const leaving = new AbortController();
 * const options: WaitOptions = { timeoutMs: 10, signal: leaving.signal };
 * ```
 */
export interface WaitOptions {
  /** Milliseconds from now. 0 polls once instead of waiting. `Infinity` or none means no limit. */
  timeoutMs?: number | undefined;
  /** Ends the wait, which then rejects with `signal.reason`. */
  signal?: AbortSignal | undefined;
}

/**
 * Waits until all fences have signaled.
 *
 * @param fences any number of fences, borrowed. A fence may be in it more than once.
 * @param options as for `DmaFence.wait`. The timeout is for all fences together.
 * @returns a promise. It resolves when all fences have succeeded, or at once if there are none. It rejects at once
 * with the first error in the order of signalling, with `ETIME`, with `signal.reason`, or with `EINVAL` for bad arguments. It leaves nothing behind on any fence.
 * Stands for a loop over `dma_fence_wait_timeout`.
 *
 * @example Two inputs
 * ```ts
 * import { DmaFenceContext, waitAll } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using a = context.createFence();
 * using b = context.createFence();
 * const both = waitAll([a, b]);
 * a.signal();
 * b.signal();
 * await both;
 * ```
 */
export async function waitAll(fences: Iterable<DmaFence>, options?: WaitOptions): Promise<void> {
  const limits = limitsOf('waitAll()', options);
  const { list, flags } = survey('waitAll()', fences);
  if (list.length > 0) await waitForSeveral(list, flags, false, limits);
}

/**
 * Waits until one of the fences has signaled, with success or failure. Look at the fence to see which.
 *
 * @param fences at least one fence, borrowed.
 * @param options as for `DmaFence.wait`.
 * @returns a promise for the index of a signaled fence, the lowest if several have signaled. The first signal decides,
 * synchronously. It rejects with `ETIME`, with `signal.reason`, or with `EINVAL` for no fences or bad arguments. It leaves
 * nothing behind on the other fences.
 * Stands for `dma_fence_wait_any_timeout`.
 *
 * @example Whoever comes first
 * ```ts
 * import { DmaFenceContext, waitAny } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using a = context.createFence();
 * using b = context.createFence();
 * const first = waitAny([a, b]);
 * b.signal();
 * await first; // 1
 * a.signal();
 * ```
 */
export async function waitAny(fences: Iterable<DmaFence>, options?: WaitOptions): Promise<number> {
  const limits = limitsOf('waitAny()', options);
  const { list, flags } = survey('waitAny()', fences);
  if (list.length === 0) throw invalid('waitAny(): no fences, so none can signal; give at least one');
  return waitForSeveral(list, flags, true, limits);
}
