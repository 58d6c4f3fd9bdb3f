import type { AnyFenceCallback } from './callback.js';
import type { DmaFenceContext } from './context.js';
import type { FenceError, FenceErrorCode } from '../error.js';
import type { Owned } from './ownership.js';
import type { SignallingSection } from '../signalling.js';
import type { WaitOptions } from '../wait/wait.js';

/**
 * The state of a fence: `pending` until it signals, then `signaled` (success) or `failed`, and it stays so.
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
 * The printed form of a fence: in `JSON.stringify(fence)`, and in `console.log(fence)` on Node.
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
  /** Its state. */
  readonly status: FenceStatus;
  /** Why it failed. Present only if it failed. */
  readonly error?: FenceError;
  /** The number of references. */
  readonly refCount: number;
  /** The fences inside an array or a chain, newest link first. Present only for those. */
  readonly members?: readonly FenceSummary[];
}

/**
 * A fence as consumers hold it. It says whether a piece of work is pending, done, or failed.
 *
 * A consumer can look, wait and add callbacks. It cannot signal. Fences are counted: `put()` every fence that a function of
 * core returns to you. After the last `put`, every method throws a `FenceError` with `EINVAL`, except `removeCallback`, which
 * returns false. The plain properties stay readable. A fence stays in its thread: `structuredClone` and `postMessage` reject it
 * with a `DataCloneError`. Send other threads the handle of a `SharedTimeline`. Stands for `struct dma_fence`, seen through the
 * Rust abstraction's `Fence`.
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
  /** The timeline it belongs to. The fence keeps it alive. */
  readonly context: DmaFenceContext;
  /** Its place on that timeline: 1, 2, 3 … */
  readonly seqno: number;
  /** Data from the producer. The fence owns it, and disposes of it at the last `put`. */
  readonly data: T;
  /** `driver:timeline:context:seqno`. */
  readonly name: string;
  /**
   * Whether it has signaled, with success or failure. Reading it has no side effect. Until the first wait or callback, only
   * `poll()` brings a container (array, chain, merge) up to date. Kernel: `dma_fence_test_signaled_flag`.
   */
  readonly signaled: boolean;
  /** Its state, with the result. Reading it has no side effect. Kernel: `dma_fence_get_status`, without its polling. */
  readonly status: FenceStatus;
  /** Why it failed. Defined exactly if `status` is `failed`. */
  readonly error: FenceError | undefined;
  /** When it signaled, in ms on the `performance.now()` clock. Kept only if the producer gave a time, or if the context has `timestamps` on. */
  readonly timestamp: number | undefined;
  /** The number of references, for tests and dumps. */
  readonly refCount: number;
  /** One opaque slot that belongs to the tracer. */
  traceState: unknown;

  /** Takes a reference and returns the same fence. Kernel: `dma_fence_get`. */
  get(): Owned<this>;
  /**
   * Gives a reference back. The last `put()` releases the fence: it disposes of `data`, then runs `ops.release`.
   *
   * No fence is dropped silently. If the fence is still pending then, it fails with `EDEADLK`, and a warning names it.
   * Kernel: `dma_fence_put`.
   */
  put(): void;
  /** Calls `put()`, for `using ref = fence.get()`. */
  [Symbol.dispose](): void;

  /**
   * Calls the exporter's `isSignaled`, and signals the fence if that returns true.
   *
   * @returns whether the fence has signaled now. Kernel: `dma_fence_is_signaled`.
   */
  poll(): boolean;
  /** Makes sure that the exporter will signal. The first callback or wait does the same. Kernel: `dma_fence_enable_signaling`. */
  enableSignaling(): void;
  /**
   * Adds a callback. It runs once, inside the producer's `signal()` or `fail()`, after the callbacks added before it.
   *
   * @param callback a plain function (each registration is one call), or a record, which you can remove again.
   * @returns true if the callback was added. **False** if the fence has already signaled: the callback was not called and
   * never will be. It is still yours.
   * @throws FenceError `EINVAL` for a record that is already on a fence. Kernel: `dma_fence_add_callback`.
   */
  addCallback(callback: AnyFenceCallback | ((fence: DmaFence<T>) => void)): boolean;
  /**
   * Removes a record, in O(1), also while callbacks run.
   *
   * @returns true if it had not run, and now will not run. False if it ran, is on another fence, or was never added.
   * @throws FenceError `EINVAL` for a plain function. Kernel: `dma_fence_remove_callback`.
   */
  removeCallback(callback: AnyFenceCallback): boolean;
  /**
   * Waits until the fence has signaled.
   *
   * @param options `timeoutMs` in milliseconds (0 polls; `Infinity` or none means no limit), and an abort `signal`.
   * @returns a promise. It resolves on success. It rejects with the fence's `error` on failure, with `ETIME` after the
   * timeout, with `signal.reason` on abort, and with `EINVAL` for bad options. A fence that has already signaled never
   * reports a timeout or an abort. A wait takes no reference and leaves nothing behind. Kernel: `dma_fence_wait_timeout`.
   */
  wait(options?: WaitOptions): Promise<void>;
  /**
   * Tells the exporter when the result is wanted. It is a hint.
   *
   * @param deadline absolute, in ms on the `performance.now()` clock; the exporter keeps the earliest.
   * @throws FenceError `EINVAL` for NaN. Kernel: `dma_fence_set_deadline`.
   */
  setDeadline(deadline: number): void;
  /**
   * Whether this fence comes after `other` on their common timeline.
   *
   * @throws FenceError `EINVAL` if the contexts differ: fences of two contexts have no order. Kernel: `dma_fence_is_later`.
   */
  isLaterThan(other: DmaFence): boolean;
  /** The printed form, for logs. It only reads, and shows no internals. */
  toJSON(): FenceSummary;
}

/**
 * A fence as its producer holds it: the only type that can signal.
 *
 * At run time it is the same object. Hand it out as `DmaFence`, and consumers cannot signal it in typed code.
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
   * @returns true if this call signaled the fence. False if it had already signaled: then nothing has changed.
   * @throws FenceError `EINVAL` for NaN, and after the last `put()`. Kernel: `dma_fence_signal_timestamp`.
   */
  signal(timestamp?: number): boolean;
  /**
   * Signals failure and runs the callbacks before it returns.
   *
   * @param error a code, a `FenceError` (kept as it is), or another `Error`, which becomes the cause of an `EIO`
   * (`AbortError`: `ECANCELED`, `TimeoutError`: `ETIME`).
   * @param timestamp as for `signal`.
   * @returns true if this call signaled the fence. The first error is kept.
   * @throws FenceError `EINVAL` for an unknown code, for NaN, and after the last `put()`.
   * Kernel: `dma_fence_set_error` and `dma_fence_signal`.
   */
  fail(error: FenceErrorCode | Error, timestamp?: number): boolean;
  /**
   * Publishes the fence: from now on, others may wait for it.
   *
   * The section ends by itself at `signal` or `fail`, so you may drop the guard. If a function hands the work on and then waits
   * for the fence, it must end the guard first. Otherwise the validator takes that function for the one that signals. A second
   * call, or a call after the signal, returns a section without effect, and warns once per fence. Kernel:
   * `dma_fence_begin_signalling`.
   */
  beginSignalling(): SignallingSection;
  /**
   * Runs `work` inside the fence's own section, then signals, however the work ends.
   *
   * The work begins before this call returns, also if the fence has already signaled. A reference keeps the fence meanwhile.
   *
   * @returns a promise for the result of the work. If the work throws, the fence fails, and the promise rejects with exactly
   * the thrown value. Answers the Rust discussion of guards that must not be forgotten.
   */
  signalAfter<R>(work: () => R | PromiseLike<R>): Promise<R>;
  /**
   * Tells tracers when the work was handed to the hardware. It is a tracepoint and changes nothing else. Kernel: `trace_dma_fence_emit`.
   *
   * @param timestamp when, in ms on the `performance.now()` clock; now by default.
   * @throws FenceError `EINVAL` for NaN, and after the last `put()`.
   */
  emit(timestamp?: number): void;
}
