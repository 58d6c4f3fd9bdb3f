import { coreCallback, type FenceCallback, type Waiter } from './callback.js';
import type { Backend } from './context.js';
import { describe, FenceError, invalid } from './error.js';
import type { DmaFence } from './fence.js';
import { attach, detachFirst, enable, failure, Fence, released, usedAfterRelease } from './fence-state.js';
import { platform } from './platform.js';
import { tracers, traceWaitEnd, type Tokens, type WaitOutcome } from './tracer.js';

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
interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Checks the options of a wait; `who` begins the error message. */
export function limitsOf(who: string, options: WaitOptions = {}): Limits {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw invalid(`${who}: options must be { timeoutMs, signal }, not ${describe(options)}`);
  }
  const { timeoutMs = Infinity, signal } = options;
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
    throw invalid(`${who}: timeoutMs must be a number of milliseconds from 0, not ${describe(timeoutMs)}`);
  }
  if (signal !== undefined && typeof (signal as Partial<AbortSignal>).addEventListener !== 'function') {
    throw invalid(`${who}: signal must be an AbortSignal, not ${describe(signal)}`);
  }
  return { timeoutMs, signal };
}

/** One wait for one or many fences. Takes no reference; whatever ends it, it leaves nothing on any fence. */
class Wait implements Waiter {
  readonly #fences: readonly Fence[];
  readonly #any: boolean;
  readonly #resolve: (index: number) => void;
  readonly #reject: (reason: unknown) => void;
  /** How many of them must signal yet. */
  #left = 0;
  #over = false;
  /** One record for each fence that already had a callback; on the others the wait hangs itself, see `detachFirst`. */
  #records: FenceCallback<Wait>[] | undefined = undefined;
  /** What tracers want back for each fence that is still waited for. */
  #tokens: Map<Fence, Tokens> | undefined = undefined;
  /** Fences whose backend was told of this wait, and how often. */
  #held: Map<Fence, number> | undefined = undefined;
  #timer: unknown = undefined;
  #signal: AbortSignal | undefined = undefined;
  #onAbort: (() => void) | undefined = undefined;

  constructor(
    fences: readonly Fence[],
    any: boolean,
    resolve: (index: number) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#fences = fences;
    this.#any = any;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Hangs itself on every fence that is pending; they are enabled. */
  start(who: string, { timeoutMs, signal }: Limits): void {
    if (tracers !== undefined) this.#traceStart();
    for (const fence of this.#fences) {
      if (fence.signaled) continue;
      this.#left++;
      if (fence._callbacks === undefined) {
        attach(fence, this);
      } else {
        const record = coreCallback(notifyWait, this as Wait);
        record._fence = fence;
        attach(fence, record);
        (this.#records ??= []).push(record);
      }
      if (fence.context._backend !== undefined) this.#hold(fence, fence.context._backend);
    }
    if (timeoutMs !== Infinity) {
      this.#timer = platform.setTimer(() => {
        this.#end('timeout', undefined);
        this.#reject(
          new FenceError(
            'ETIME',
            `${who}: not signaled within ${String(timeoutMs)} ms; wait longer, or see what its producer waits for`,
          ),
        );
      }, timeoutMs);
    }
    if (signal !== undefined) {
      this.#signal = signal;
      this.#onAbort = () => {
        this.#end('aborted', undefined);
        this.#reject(signal.reason);
      };
      signal.addEventListener('abort', this.#onAbort, { once: true });
    }
  }

  /** One of the fences has signaled. */
  notify(fence: DmaFence): void {
    // Ended by a callback that ran before this one on the same fence.
    if (this.#over) return;
    const one = fence as Fence;
    if (this.#held !== undefined) this.#letGo(one);
    if (this.#tokens !== undefined) this.#traceEnd(one, 'signaled');
    if (this.#any) {
      this.#end('aborted', one);
      this.#resolve(this.#fences.findIndex((other) => other.signaled));
    } else if (one.error !== undefined) {
      this.#end('aborted', one);
      this.#reject(one.error);
    } else if (--this.#left === 0) {
      this.#end('aborted', one);
      this.#resolve(0);
    }
  }

  /** Lets go of everything; `outcome` is what the fences that are still pending are told of. */
  #end(outcome: WaitOutcome, by: Fence | undefined): void {
    this.#over = true;
    if (this.#timer !== undefined) platform.clearTimer(this.#timer);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
    if (this.#left > 1 || by === undefined || this.#any) {
      for (const fence of this.#fences) {
        if (fence === by || fence.signaled) continue;
        detachFirst(fence, this);
      }
      if (this.#records !== undefined) for (const record of this.#records) record[Symbol.dispose]();
    }
    if (this.#held !== undefined) for (const fence of this.#held.keys()) this.#letGo(fence);
    if (this.#tokens !== undefined) for (const fence of this.#tokens.keys()) this.#traceEnd(fence, outcome);
  }

  #hold(fence: Fence, backend: Backend): void {
    const held = (this.#held ??= new Map<Fence, number>());
    held.set(fence, (held.get(fence) ?? 0) + 1);
    backend.waiting(fence, 1);
  }

  #letGo(fence: Fence): void {
    for (let times = this.#held?.get(fence) ?? 0; times > 0; times--)
      fence.context._backend?.waiting(fence, -1);
    this.#held?.delete(fence);
  }

  #traceStart(): void {
    const tokens = (this.#tokens = new Map<Fence, Tokens>());
    for (const fence of this.#fences) {
      if (!fence.signaled && !tokens.has(fence) && tracers !== undefined)
        tokens.set(fence, tracers.waitStart(fence));
    }
  }

  #traceEnd(fence: Fence, outcome: WaitOutcome): void {
    const tokens = this.#tokens?.get(fence);
    if (tokens === undefined) return;
    this.#tokens?.delete(fence);
    traceWaitEnd(fence, tokens, fence.signaled ? (fence.status as 'signaled' | 'failed') : outcome);
  }
}

function notifyWait(fence: DmaFence, { data }: FenceCallback<Wait>): void {
  data.notify(fence);
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

/** The common course of all waits, after the arguments were checked. Resolves with the lowest signaled index. */
function begin(who: string, fences: readonly Fence[], any: boolean, limits: Limits): Promise<number> {
  const decided = (): Promise<number> | undefined => {
    if (any) {
      const index = fences.findIndex((fence) => fence.signaled);
      return index < 0 ? undefined : Promise.resolve(index);
    }
    const error = firstFailure(fences);
    if (error !== undefined) return Promise.reject(error);
    return fences.every((fence) => fence.signaled) ? Promise.resolve(0) : undefined;
  };
  const before = decided();
  if (before !== undefined) return before;
  if (limits.signal?.aborted === true) return Promise.reject(limits.signal.reason as Error);
  for (const fence of fences) {
    // An exporter that answers "already done" may decide the wait.
    if (!enable(fence) && any) break;
  }
  if (limits.timeoutMs === 0) return poll(who, fences, decided);
  return (
    decided() ??
    new Promise((resolve, reject) => {
      new Wait(fences, any, resolve, reject).start(who, limits);
    })
  );
}

/** A wait of no time: asks every exporter once. */
function poll(
  who: string,
  fences: readonly Fence[],
  decided: () => Promise<number> | undefined,
): Promise<number> {
  const pending = fences.filter((fence) => !fence.signaled);
  const tokens = tracers === undefined ? undefined : pending.map((fence) => tracers?.waitStart(fence) ?? []);
  for (const fence of pending) if (!released(fence)) fence.poll();
  tokens?.forEach((token, index) => {
    const fence = pending[index] as Fence;
    traceWaitEnd(fence, token, fence.signaled ? (fence.status as 'signaled' | 'failed') : 'timeout');
  });
  return (
    decided() ??
    Promise.reject(
      new FenceError('ETIME', `${who}: not signaled now; give a timeoutMs above 0 to wait for it`),
    )
  );
}

/** `DmaFence.wait`. */
export async function waitFence(fence: Fence, options?: WaitOptions): Promise<void> {
  const who = `fence ${fence.name}: wait()`;
  const limits = limitsOf(who, options);
  if (released(fence)) throw usedAfterRelease(fence, 'wait');
  await begin(who, [fence], false, limits);
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
