import { sharedCallback, type FenceCallback } from './callback.js';
import { FenceError, invalid, unfit } from './error.js';
import type { DmaFence } from './fence.js';
import {
  attachCore,
  detachShared,
  enable,
  enabled,
  failure,
  Fence,
  released,
  usedAfterRelease,
} from './fence-state.js';
import { platform } from './platform.js';
import type { EndWait, WaitOutcome } from './tracer.js';
import { tracers } from './tracing.js';
import { validator } from './validator.js';

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

/** Options after the check: what is asked of a wait. */
export interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Who waits, for error messages: a function of ours, or the fence whose `wait()` it is. A name costs more than a wait. */
export type Who = string | Fence;

function nameOf(who: Who): string {
  return typeof who === 'string' ? who : `fence ${who.name}: wait()`;
}

/** Checks the options of a wait; `who` begins the error message. */
export function limitsOf(who: Who, options: WaitOptions = {}): Limits {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw unfit(`${nameOf(who)}: options`, 'an object', options);
  }
  const { timeoutMs = Infinity, signal } = options;
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
    throw unfit(`${nameOf(who)}: timeoutMs`, 'a number from 0', timeoutMs);
  }
  if (signal !== undefined && typeof (signal as Partial<AbortSignal>).addEventListener !== 'function') {
    throw unfit(`${nameOf(who)}: signal`, 'an AbortSignal', signal);
  }
  return { timeoutMs, signal };
}

/** The failure that came first among fences that have failed. */
export function firstFailure(fences: Iterable<Fence>): FenceError | undefined {
  let first: ReturnType<typeof failure>;
  for (const fence of fences) {
    const own = failure(fence);
    if (own !== undefined && (first === undefined || own.order < first.order)) first = own;
  }
  return first?.error;
}

/** What a wait has come to by now: the lowest index that has signaled, the first error, or undefined when it must go on. */
function verdictOn(fences: readonly Fence[], any: boolean): number | FenceError | undefined {
  if (any) {
    const index = fences.findIndex((fence) => fence.signaled);
    return index < 0 ? undefined : index;
  }
  let pending = false;
  for (const fence of fences) {
    if (!fence.signaled) pending = true;
    else if (failure(fence) !== undefined) return firstFailure(fences);
  }
  return pending ? undefined : 0;
}

/**
 * The common course of all waits, after the arguments were checked.
 *
 * Takes no reference; whatever ends it, it leaves nothing on any fence. Resolves with the lowest signaled index.
 */
export function begin(
  who: Who,
  fences: readonly Fence[],
  any: boolean,
  { timeoutMs, signal }: Limits,
): Promise<number> {
  const result = new Promise<number>((resolve, reject) => {
    const decide = (): boolean => {
      const verdict = verdictOn(fences, any);
      if (typeof verdict === 'number') resolve(verdict);
      else if (verdict !== undefined) reject(verdict);
      return verdict !== undefined;
    };
    if (decide()) return;
    const aborted = (): boolean => signal?.aborted === true;
    if (aborted()) {
      reject(signal?.reason as unknown);
      return;
    }
    const asked = enableAll(fences, any);
    const ends = tracers === undefined ? undefined : traceStart(fences);
    if (timeoutMs === 0) for (const fence of fences) if (!released(fence)) fence.poll();
    if (((asked || timeoutMs === 0) && decide()) || timeoutMs === 0) {
      ends?.forEach((end, fence) => {
        end(outcomeOf(fence) ?? 'timeout');
      });
      if (timeoutMs === 0) {
        // Says nothing where the fences have decided.
        reject(new FenceError('ETIME', `${nameOf(who)}: not signaled now; to wait, give it more than 0 ms`));
      }
      return;
    }

    let timer: unknown;
    let pending = 0;
    let over = false;
    /** Whether anybody wants to know when each fence is left: a tracer, or the backend of one of them. */
    let watched = ends !== undefined;
    const leave = (fence: Fence, outcome: WaitOutcome): void => {
      fence.context._backend?.waiting(fence, -1);
      if (ends === undefined) return;
      ends.get(fence)?.(outcomeOf(fence) ?? outcome);
      ends.delete(fence);
    };
    const finish = (outcome: WaitOutcome, reason?: unknown): void => {
      over = true;
      // The last one succeeded, and so did all before it. Else the fences know, unless time or the caller gave up.
      if (outcome === 'signaled') resolve(0);
      else if (!decide()) reject(reason);
      if (timer !== undefined) platform.clearTimer(timer);
      signal?.removeEventListener('abort', abort);
      if (pending === 0) return;
      for (const fence of fences) if (detachShared(fence, shared)) leave(fence, outcome);
      for (const record of crowded) {
        const fence = record._fence as Fence | undefined;
        if (fence === undefined) continue;
        record[Symbol.dispose]();
        leave(fence, outcome);
      }
    };
    const abort = (): void => {
      finish('aborted', signal?.reason);
    };
    const onSignal = (fence: DmaFence): void => {
      if (watched) leave(fence as Fence, 'signaled');
      // Decided by a callback that ran before this one.
      if (over) return;
      pending--;
      if (any || fence.error !== undefined) finish('aborted');
      else if (pending === 0) finish('signaled');
    };
    // One record hangs on all fences that have no callback yet; the others need one each, to be found again in O(1).
    const shared = sharedCallback(onSignal);
    const crowded: FenceCallback[] = [];
    for (const fence of fences) {
      if (fence.signaled) continue;
      pending++;
      if (fence._callbacks === undefined) fence._callbacks = shared;
      else crowded.push(attachCore(fence, onSignal, undefined));
      const backend = fence.context._backend;
      if (backend === undefined) continue;
      watched = true;
      backend.waiting(fence, 1);
    }
    if (timeoutMs !== Infinity) {
      timer = platform.setTimer(() => {
        const message = `${nameOf(who)}: not signaled within ${String(timeoutMs)} ms; see what its producer waits for`;
        finish('timeout', new FenceError('ETIME', message));
      }, timeoutMs);
    }
    signal?.addEventListener('abort', abort, { once: true });
    // Aborted by an exporter or a tracer that was told of the wait.
    if (aborted()) abort();
  });
  // A wait of no time never blocks anybody.
  return validator === undefined || timeoutMs === 0 ? result : validator.wait(fences, result);
}

/** Asks the exporters that were not asked yet to signal; answers whether there were any, which may have decided the wait. */
function enableAll(fences: readonly Fence[], any: boolean): boolean {
  let asked = false;
  for (const fence of fences) {
    if (enabled(fence)) continue;
    asked = true;
    // One that answers "already done" is enough.
    if (!enable(fence) && any) break;
  }
  return asked;
}

/** Tells tracers of the pending fences, each once. */
function traceStart(fences: readonly Fence[]): Map<Fence, EndWait> {
  const ends = new Map<Fence, EndWait>();
  for (const fence of fences) {
    if (tracers !== undefined && !fence.signaled && !ends.has(fence))
      ends.set(fence, tracers.waitStart(fence));
  }
  return ends;
}

/** How a traced wait ended for a fence that is over. */
function outcomeOf(fence: Fence): 'signaled' | 'failed' | undefined {
  return fence.status === 'pending' ? undefined : fence.status;
}

/** `DmaFence.wait`. */
export async function waitFence(fence: Fence, options?: WaitOptions): Promise<void> {
  const limits = limitsOf(fence, options);
  if (released(fence)) throw usedAfterRelease(fence, 'wait');
  await begin(fence, [fence], false, limits);
}

/** A fence in use as an argument; `who` begins the error message. */
export function fenceOf(who: string, fence: DmaFence): Fence {
  if (!(fence instanceof Fence)) throw unfit(`${who}: what it takes`, 'a fence', fence);
  if (released(fence)) throw usedAfterRelease(fence, who.replace(/\(\)$/, ''));
  return fence;
}

/** The fences of an argument; anything else in it is refused before anything has changed. */
export function fencesOf(who: string, fences: Iterable<DmaFence>): Fence[] {
  if (typeof (fences as Partial<Iterable<DmaFence>> | undefined)?.[Symbol.iterator] !== 'function') {
    throw unfit(`${who}: fences`, 'iterable', fences);
  }
  const list = (Array.isArray(fences) ? fences.slice() : [...fences]) as Fence[];
  for (const fence of list) {
    if (!(fence instanceof Fence))
      throw unfit(`${who}: element ${String(list.indexOf(fence))}`, 'a fence', fence);
    if (released(fence)) throw usedAfterRelease(fence, who.replace(/\(\)$/, ''));
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
