import type { AnyFenceCallback } from './callback.js';
import type { DmaFenceContext } from './context.js';
import type { FenceError, FenceErrorCode } from '../error.js';
import type { Owned } from './ownership.js';
import type { SignallingSection } from '../signalling.js';
import type { WaitOptions } from '../wait/wait.js';

/**
 * Where a fence stands: `pending` until it signals, then `signaled` (success) or `failed` for good.
 *
 * @example Show it
 * ```ts
 * import type { DmaFence, FenceStatus } from '@dma-fence/core';
 *
 * const marks: Record<FenceStatus, string> = { pending: '…', signaled: '✓', failed: '✗' };
 * const mark = (fence: DmaFence): string => marks[fence.status];
 * ```
 */
export type FenceStatus = 'pending' | 'signaled' | 'failed';

/**
 * What a fence shows of itself: `JSON.stringify(fence)`, and `console.log(fence)` on Node.
 *
 * @example Log a fence
 * ```ts
 * import { DmaFenceContext, type FenceSummary } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using fence = context.createFence();
 * const summary: FenceSummary = fence.toJSON();
 * summary.status; // 'pending'
 * fence.signal();
 * ```
 */
export interface FenceSummary {
  /** `driver:timeline:context:seqno`. */
  readonly name: string;
  /** Where it stands. */
  readonly status: FenceStatus;
  /** Why it failed; there only if it has. */
  readonly error?: FenceError;
  /** How many references are held. */
  readonly refCount: number;
  /** The fences inside an array or a chain, newest link first; there only for those. */
  readonly members?: readonly FenceSummary[];
}

/**
 * A fence as consumers hold it: a promise of its context that a piece of work will be done, or has failed.
 *
 * One can ask, wait and register, never signal. Counted: who got it from a function of core owns a reference and
 * must `put()` it. After the last `put` every method throws a `FenceError` with `EINVAL`, except `removeCallback`
 * (false); the plain properties stay readable. A fence stays in its thread: `structuredClone` and `postMessage` refuse it with a
 * `DataCloneError`; other threads get the handle of a `SharedTimeline`. Stands for `struct dma_fence`, seen through the Rust abstraction's `Fence`.
 *
 * @example Wait for somebody else's work
 * ```ts
 * import { DmaFenceContext, type DmaFence } from '@dma-fence/core';
 *
 * async function present(rendered: DmaFence): Promise<string> {
 *   await rendered.wait({ timeoutMs: 1000 });
 *   return `shown after ${rendered.name}`;
 * }
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * const fence = context.createFence();
 * const presented = present(fence);
 * fence.signal();
 * await presented;
 * fence.put();
 * ```
 */
export interface DmaFence<T = unknown> extends Disposable {
  /** The timeline it belongs to; kept alive by the fence. */
  readonly context: DmaFenceContext;
  /** Its place on that timeline: 1, 2, 3 … */
  readonly seqno: number;
  /** What the producer attached; the fence owns it and disposes of it at the last `put`. */
  readonly data: T;
  /** `driver:timeline:context:seqno`. */
  readonly name: string;
  /**
   * Whether it is over. Reads the flag, never has a side effect. A container (array, chain, merge) that nobody has
   * waited on or added a callback to is brought up to date by `poll()` only. Kernel: `dma_fence_test_signaled_flag`.
   */
  readonly signaled: boolean;
  /** The same, told apart by result; no side effect. Kernel: `dma_fence_get_status`, without its polling. */
  readonly status: FenceStatus;
  /** Why it failed; defined exactly when `status` is `failed`. */
  readonly error: FenceError | undefined;
  /** When it signaled, in ms on the `performance.now()` clock; kept only if the producer gave a time or the context's `timestamps` is on. */
  readonly timestamp: number | undefined;
  /** How many references are held; for tests and dumps. */
  readonly refCount: number;
  /** One opaque slot that belongs to the tracer. */
  traceState: unknown;

  /** Takes a reference and returns the same fence. Kernel: `dma_fence_get`. */
  get(): Owned<this>;
  /**
   * Gives a reference back; the last one releases the fence: `data` is disposed of, then `ops.release` runs.
   *
   * Nothing is dropped silently: a fence that is still pending then fails with `EDEADLK`, and a warning names it.
   * Kernel: `dma_fence_put`.
   */
  put(): void;
  /** `put()`, so that `using ref = fence.get()` balances itself. */
  [Symbol.dispose](): void;

  /**
   * Asks the exporter's `isSignaled` and signals if it says true: named for its side effect.
   *
   * @returns whether the fence is over now. Kernel: `dma_fence_is_signaled`.
   */
  poll(): boolean;
  /** Makes sure that the exporter will signal; the first callback or wait does the same. Kernel: `dma_fence_enable_signaling`. */
  enableSignaling(): void;
  /**
   * Has `callback` called once, inside the producer's `signal()` or `fail()`, after those added before it.
   *
   * @param callback a plain function (each registration is one call), or a record, which can be removed again.
   * @returns true when registered; **false** when the fence is already over: the callback was not called and never
   * will be, it is still the caller's.
   * @throws FenceError `EINVAL` for a record that is already on a fence. Kernel: `dma_fence_add_callback`.
   */
  addCallback(callback: AnyFenceCallback | ((fence: DmaFence<T>) => void)): boolean;
  /**
   * Takes a record off again, in O(1), also while callbacks are running.
   *
   * @returns true when it had not run and now will not; false when it ran, is on another fence, or was never added.
   * @throws FenceError `EINVAL` for a plain function. Kernel: `dma_fence_remove_callback`.
   */
  removeCallback(callback: AnyFenceCallback): boolean;
  /**
   * Waits until the fence is over.
   *
   * @param options `timeoutMs` in milliseconds (0 polls, `Infinity` and nothing mean no limit) and an abort `signal`.
   * @returns a promise that resolves on success and rejects with the fence's `error` on failure, with `ETIME` after
   * the timeout, with `signal.reason` on abort, with `EINVAL` for bad options. An already signaled fence never reports
   * timeout or abort. Takes no reference, leaves nothing behind. Kernel: `dma_fence_wait_timeout`.
   */
  wait(options?: WaitOptions): Promise<void>;
  /**
   * Hints when the result is wanted.
   *
   * @param deadline absolute, in ms on the `performance.now()` clock; the exporter keeps the soonest.
   * @throws FenceError `EINVAL` for NaN. Kernel: `dma_fence_set_deadline`.
   */
  setDeadline(deadline: number): void;
  /**
   * Whether this fence comes after `other` on their common timeline.
   *
   * @throws FenceError `EINVAL` when the contexts differ: they have no order. Kernel: `dma_fence_is_later`.
   */
  isLaterThan(other: DmaFence): boolean;
  /** What the fence shows of itself, for logs: reads only, and never shows internals. */
  toJSON(): FenceSummary;
}

/**
 * A fence as its producer holds it: the only type that can signal.
 *
 * The same object at run time; hand it out as `DmaFence`, and the type takes the right away.
 * Stands for the Rust abstraction's `DriverFence`.
 *
 * @example Produce
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * const fence = context.createFence({ job: 7 });
 * fence.signal(); // true: this call won
 * fence.fail('EIO'); // false: it was over
 * fence.put();
 * ```
 */
export interface DriverFence<T = unknown> extends DmaFence<T> {
  /**
   * Signals success and runs the callbacks before it returns.
   *
   * @param timestamp when the work was done, in ms on the `performance.now()` clock.
   * @returns whether this call won: false, and nothing changed, when the fence was already over.
   * @throws FenceError `EINVAL` for NaN, and after the last reference was put. Kernel: `dma_fence_signal_timestamp`.
   */
  signal(timestamp?: number): boolean;
  /**
   * Signals failure and runs the callbacks before it returns.
   *
   * @param error a code; a `FenceError`, kept as it is; or another `Error`, which becomes the cause of an `EIO`
   * (`AbortError`: `ECANCELED`, `TimeoutError`: `ETIME`).
   * @param timestamp as for `signal`.
   * @returns whether this call won. The first error stays.
   * @throws FenceError `EINVAL` for an unknown code, for NaN, and after the last reference was put.
   * Kernel: `dma_fence_set_error` and `dma_fence_signal`.
   */
  fail(error: FenceErrorCode | Error, timestamp?: number): boolean;
  /**
   * Tells that the fence is published: from now on others may wait for it, until it is signaled.
   *
   * The section ends at `signal` or `fail` by itself; its guard may be dropped. A function that hands the work on and
   * waits for the fence itself ends the guard in between: else the validator takes it for the one that signals. Begun
   * again, or after the signal, it is a section without effect, and warns once a fence. Kernel:
   * `dma_fence_begin_signalling`.
   */
  beginSignalling(): SignallingSection;
  /**
   * Runs `work` inside the fence's own section, then signals; whatever way the work ends.
   *
   * The work begins before this returns, also on a fence that is already over. The fence is kept by a reference meanwhile.
   *
   * @returns a promise for the work's result; when the work throws, the fence fails and the promise rejects with
   * exactly what was thrown. Answers the Rust discussion of guards that must not be forgotten.
   */
  signalAfter<R>(work: () => R | PromiseLike<R>): Promise<R>;
  /**
   * Tells tracers when the work was handed to the hardware: a tracepoint, it changes nothing. Kernel: `trace_dma_fence_emit`.
   *
   * @param timestamp when, in ms on the `performance.now()` clock; now by default.
   * @throws FenceError `EINVAL` for NaN, and after the last reference was put.
   */
  emit(timestamp?: number): void;
}
