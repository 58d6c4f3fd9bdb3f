import { invalid } from '../error.js';
import { survey } from '../fence/arguments.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { limitsOf } from './limits.js';
import { waitForSeveral } from './several-wait.js';

/**
 * How long to wait, and what ends the wait early.
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
  /** Milliseconds from now; 0 asks the exporter once instead of waiting, `Infinity` and nothing mean no limit. */
  timeoutMs?: number | undefined;
  /** Gives the wait up: it then rejects with `signal.reason`. */
  signal?: AbortSignal | undefined;
}

/**
 * Waits until all fences have signaled.
 *
 * @param fences any number, the same one more than once too; borrowed.
 * @param options as for `DmaFence.wait`; the timeout is for all together.
 * @returns a promise that resolves when all succeeded, at once if there are none; rejects at once with the error that
 * came first in order of signalling, with `ETIME`, `signal.reason`, or `EINVAL` for bad arguments. Leaves nothing behind on any fence.
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
 * Waits until one of the fences has signaled, whether it succeeded or failed: ask it.
 *
 * @param fences at least one; borrowed.
 * @param options as for `DmaFence.wait`.
 * @returns a promise for the index of one that has signaled, the lowest if several have, decided synchronously at the
 * first signal; rejects with `ETIME`, `signal.reason`, or `EINVAL` for no fences or bad arguments. Nothing is left behind on the losers.
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
