import { invalid, unfit } from '../error.js';
import type { DmaFence } from '../fence/fence.js';
import { usedAfterRelease } from '../fence/fence-checks.js';
import { isFence, noFence, released, type Fence } from '../fence/fence-state.js';
import { waitForFence } from './fence-wait.js';
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

/** `DmaFence.wait`. */
export function waitFence(fence: Fence, options?: WaitOptions): Promise<void> {
  // Not async: that would be a second promise.
  try {
    const limits = limitsOf(fence, options);
    if (released(fence)) throw usedAfterRelease(fence, 'wait');
    return waitForFence(fence, limits);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** A fence in use as an argument; `who` begins the error message. */
export function fenceOf(who: string, fence: DmaFence): Fence {
  if (!isFence(fence)) throw noFence(`${who}: what it takes`, fence);
  if (released(fence)) throw usedAfterRelease(fence, who.replace(/\(\)$/, ''));
  return fence;
}

/** The fences of an argument; anything else in it is refused before anything has changed. */
export function fencesOf(who: string, fences: Iterable<DmaFence>): Fence[] {
  return survey(who, fences).list;
}

/** The same, and all flags that any of them has: one look at each tells what most waits have to know. */
function survey(who: string, fences: Iterable<DmaFence>): { list: Fence[]; flags: number } {
  if (typeof (fences as Partial<Iterable<DmaFence>> | undefined)?.[Symbol.iterator] !== 'function') {
    throw unfit(`${who}: fences`, 'iterable', fences);
  }
  const list = (Array.isArray(fences) ? fences.slice() : [...fences]) as Fence[];
  let flags = 0;
  for (const fence of list) {
    if (!isFence(fence)) throw noFence(`${who}: element ${String(list.indexOf(fence))}`, fence);
    if (released(fence)) throw usedAfterRelease(fence, who.replace(/\(\)$/, ''));
    flags |= fence._flags;
  }
  return { list, flags };
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
