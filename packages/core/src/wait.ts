import { describe, FenceError, invalid } from './error.js';
import type { DmaFence } from './fence.js';
import { enable, Fence, released, usedAfterRelease } from './fence-state.js';
import { tracers, traceWaitEnd } from './tracer.js';
import { nameOf, verdictOn, Wait, type Limits, type Verdict, type Who } from './waiter.js';

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

/** Checks the options of a wait; `who` begins the error message. */
export function limitsOf(who: Who, options: WaitOptions = {}): Limits {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw invalid(`${nameOf(who)}: options must be { timeoutMs, signal }, not ${describe(options)}`);
  }
  const { timeoutMs = Infinity, signal } = options;
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
    throw invalid(
      `${nameOf(who)}: timeoutMs must be a number of milliseconds from 0, not ${describe(timeoutMs)}`,
    );
  }
  if (signal !== undefined && typeof (signal as Partial<AbortSignal>).addEventListener !== 'function') {
    throw invalid(`${nameOf(who)}: signal must be an AbortSignal, not ${describe(signal)}`);
  }
  return { timeoutMs, signal };
}

/** The common course of all waits, after the arguments were checked. Resolves with the lowest signaled index. */
function begin(who: Who, fences: readonly Fence[], any: boolean, limits: Limits): Promise<number> {
  const before = verdictOn(fences, any);
  if (before !== undefined) return settle(before);
  if (limits.signal?.aborted === true) return Promise.reject(limits.signal.reason as Error);
  for (const fence of fences) {
    // An exporter that answers "already done" may decide the wait.
    if (!enable(fence) && any) break;
  }
  if (limits.timeoutMs === 0) poll(fences);
  const verdict = verdictOn(fences, any);
  if (verdict !== undefined) return settle(verdict);
  if (limits.timeoutMs === 0) {
    const message = `${nameOf(who)}: not signaled now; give a timeoutMs above 0 to wait for it`;
    return Promise.reject(new FenceError('ETIME', message));
  }
  return new Promise((resolve, reject) => {
    new Wait(fences, any, resolve, reject).start(who, limits);
  });
}

function settle(verdict: Verdict): Promise<number> {
  return 'error' in verdict ? Promise.reject(verdict.error) : Promise.resolve(verdict.index);
}

/** A wait of no time: asks every exporter once. */
function poll(fences: readonly Fence[]): void {
  const pending = fences.filter((fence) => !fence.signaled);
  const told = tracers;
  const tokens = told === undefined ? undefined : pending.map((fence) => told.waitStart(fence));
  for (const fence of pending) if (!released(fence)) fence.poll();
  tokens?.forEach((token, index) => {
    const fence = pending[index] as Fence;
    traceWaitEnd(fence, token, fence.signaled ? (fence.status as 'signaled' | 'failed') : 'timeout');
  });
}

/** `DmaFence.wait`. */
export async function waitFence(fence: Fence, options?: WaitOptions): Promise<void> {
  const limits = limitsOf(fence, options);
  if (released(fence)) throw usedAfterRelease(fence, 'wait');
  await begin(fence, [fence], false, limits);
}

/** The fences of an argument; anything else in it is refused before anything has changed. */
export function fencesOf(who: string, fences: Iterable<DmaFence>): Fence[] {
  if (typeof (fences as Partial<Iterable<DmaFence>> | undefined)?.[Symbol.iterator] !== 'function') {
    throw invalid(`${who} takes an iterable of fences, not ${describe(fences)}`);
  }
  const list: Fence[] = [];
  for (const fence of fences) {
    if (!(fence instanceof Fence)) {
      throw invalid(`${who}: element ${String(list.length)} is ${describe(fence)}, not a fence`);
    }
    if (released(fence)) throw usedAfterRelease(fence, who.replace(/\(\)$/, ''));
    list.push(fence);
  }
  return list;
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
  await begin('waitAll()', fencesOf('waitAll()', fences), false, limits);
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
  const list = fencesOf('waitAny()', fences);
  if (list.length === 0) throw invalid('waitAny(): no fences, so none can signal; give at least one');
  return begin('waitAny()', list, true, limits);
}
