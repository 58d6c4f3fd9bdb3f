import { INSPECT } from '../inspect.js';
import type { DmaFenceContext } from '../fence/context.js';
import { checkOptions, describe, failureOf, FenceError, invalid, type FenceErrorCode } from '../error.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { createBlock } from './block.js';
import { openHandle, type SharedTimelineHandle } from './handle.js';
import { watchOwner, type OwnerThread } from './owner.js';
import { textOf } from './error-text.js';
import { FARTHEST } from './progress.js';
import { blockUntil, type WaitSyncOptions } from './blocking-wait.js';
import { validator } from '../validator.js';
import { leaveEnd, useEnd, type ThreadEnd } from './thread-end.js';

/**
 * Options of a shared timeline.
 *
 * @example The least there is
 * ```ts
 * import type { SharedTimelineOptions } from '@dma-fence/core/shared';
 *
 * const options: SharedTimelineOptions = { driverName: 'codec', timelineName: 'decode' };
 * ```
 */
export interface SharedTimelineOptions {
  /** The program part that makes the fences. No ':' and no control characters. */
  driverName: string;
  /** One of its queues. No ':' and no control characters. */
  timelineName: string;
  /** How many errors the timeline remembers, from 1 to 65536. Default: 64. Each takes twelve bytes, and its text. */
  errorSlots?: number | undefined;
  /**
   * How many bytes of the text of each error are kept, from 0 to 4096. Default: 244. If it is not 0, each error takes twelve more.
   * The text holds the name, code and message of the error and of its causes. A message that does not fit ends with '…'.
   */
  errorTextBytes?: number | undefined;
  /**
   * The result of values that an `advanceTo` passes over. With `'signal'`, the default, they complete together with the new value,
   * as on hardware. With `'fail'`, they fail with `ECANCELED`, so each value needs an `advanceTo` of its own.
   */
  skipped?: 'signal' | 'fail' | undefined;
  /** The first value of the timeline. An integer from 0. Default: 0. */
  initialValue?: number | undefined;
}

const OPTIONS: readonly (keyof SharedTimelineOptions)[] = [
  'driverName',
  'timelineName',
  'errorSlots',
  'errorTextBytes',
  'skipped',
  'initialValue',
];

/**
 * A timeline for several threads. It is one number in shared memory: the last finished value. Its fences cost no shared memory.
 *
 * One thread at a time signals, with `advanceTo`. Any number of threads may reserve values, wait, and make fences. In each thread
 * the fences are ordinary ones: use them with callbacks, `wait`, arrays, merges and reservations. A wait or a callback keeps their
 * `signaled` up to date. Without one, `poll()` does. Stands for a hardware queue's completion word, as in `struct dma_fence` with a
 * sequence number written by the device.
 *
 * @example One thread works, the other waits
 * ```ts
 * import { SharedTimeline } from '@dma-fence/core/shared';
 *
 * using decoded = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
 * const frame = decoded.reserve();
 * // worker.postMessage({ handle: decoded.handle, frame }); and there:
 * const inWorker = SharedTimeline.attach(decoded.handle);
 * inWorker.advanceTo(frame);
 * // here again:
 * using fence = decoded.fenceAt(frame);
 * await fence.wait();
 * ```
 */
export class SharedTimeline implements Disposable {
  /** Names the fences of this thread. `createFence` on it throws: use `fenceAt()`. Its `uid` is the same in every thread. */
  readonly context: DmaFenceContext;
  /** Send it to another thread, which passes it to `attach`. The handle of a read-only timeline is read-only. */
  readonly handle: SharedTimelineHandle;
  readonly #end: ThreadEnd;
  readonly #creator: boolean;
  #left = false;
  /** What `bindOwner` watches; nothing is owed any more when the timeline is disposed of where it was created. */
  readonly #owners = new Set<Disposable>();
  /** The end again, as long as this object may write: what advances asks one field. */
  #writer: ThreadEnd | undefined;

  private constructor(end: ThreadEnd, handle: SharedTimelineHandle, creator: boolean) {
    // JavaScript knows no private constructors.
    if ((end as unknown) === undefined || (handle as unknown) === undefined) {
      throw invalid('SharedTimeline: make one with SharedTimeline.create(options), or attach(handle)');
    }
    this.#end = end;
    this.context = end.local.context;
    this.handle = handle;
    this.#creator = creator;
    this.#writer = handle.readonly ? undefined : end;
  }

  /**
   * Creates a timeline, in one small `SharedArrayBuffer`.
   *
   * @throws FenceError `EINVAL` for wrong options, `EOPNOTSUPP` in a page that is not cross-origin isolated.
   */
  static create(options: SharedTimelineOptions): SharedTimeline {
    checkOptions('SharedTimeline.create()', options, OPTIONS);
    const {
      driverName,
      timelineName,
      errorSlots = 64,
      errorTextBytes = 244,
      skipped = 'signal',
      initialValue = 0,
    } = options;
    if (!Number.isSafeInteger(initialValue) || initialValue < 0) {
      throw invalid(
        `SharedTimeline.create(): initialValue must be an integer from 0 to 2^53-1, not ${describe(initialValue)}`,
      );
    }
    if (!['signal', 'fail'].includes(skipped)) {
      throw invalid(`SharedTimeline.create(): skipped must be 'signal' or 'fail', not ${describe(skipped)}`);
    }
    const sizes = { errorSlots, errorTextBytes, skippedFail: skipped === 'fail' };
    const buffer = createBlock(sizes, initialValue);
    const handle = Object.freeze({ driverName, timelineName, readonly: false, buffer });
    const end = useEnd(handle, openHandle(handle).block);
    end.advanced = initialValue;
    return new SharedTimeline(end, handle, true);
  }

  /**
   * Opens a timeline that another thread, or this one, has created.
   *
   * In one thread, all objects attached to one timeline share its context and its fences.
   *
   * @param handle the handle that the other thread posted. It is checked like any input from outside.
   * @throws FenceError `EINVAL` for anything but a handle of this version.
   */
  static attach(handle: SharedTimelineHandle): SharedTimeline {
    const { handle: checked, block } = openHandle(handle);
    const { readonly, buffer } = checked;
    const end = useEnd(checked, block);
    // Its names are those it goes by in this thread, whatever another handle of it says.
    const { driverName, timelineName } = end.local.context;
    return new SharedTimeline(end, Object.freeze({ driverName, timelineName, readonly, buffer }), false);
  }

  /** A handle for threads that may only look and wait. Every call that writes throws `EPERM` there. */
  get readonlyHandle(): SharedTimelineHandle {
    return Object.freeze({ ...this.handle, readonly: true });
  }

  /** The last finished value, read from shared memory. After a cancel, the last reserved value. */
  get value(): number {
    const { progress } = this.#end;
    progress.look();
    return progress.canceled ? progress.reserved() : progress.value;
  }

  /** The last reserved number, read from shared memory. */
  get reserved(): number {
    const { progress } = this.#end;
    progress.look();
    return progress.reserved();
  }

  /**
   * Takes the next number. Any thread may call it, and no two calls return the same number.
   *
   * @returns a number that must later be reached with `advanceTo`.
   * @throws FenceError `ECANCELED` after a cancel, `EAGAIN` if 2^31-1 values are in flight, `EPERM` on a read-only timeline,
   * `EINVAL` past 2^53-1.
   */
  reserve(): number {
    const { progress } = this.#writable('reserve');
    const number = progress.reserve();
    if (number > 0) {
      if (!Number.isSafeInteger(number)) {
        throw invalid(`${this.#name}: value 2^53-1 was the last exact one; make a new timeline`);
      }
      return number;
    }
    throw number === 0
      ? new FenceError('ECANCELED', `${this.#name}: reserve() after cancel(); make a new timeline`)
      : new FenceError(
          'EAGAIN',
          `${this.#name}: 2^31-1 values are in flight, no number is free; let the signalling side catch up`,
        );
  }

  /**
   * Returns the fence of any value, in this thread. You own a reference.
   *
   * @param value an integer from 0, at most 2^31-1 above `value`. It need not be reserved yet.
   * @returns the same fence each time while it is pending here. For a finished value, a signaled fence, or one that failed with
   * the error of that value (`EIO` if that error is no longer known). After a cancel, a failed fence for unfinished values.
   * @throws FenceError `EINVAL` for anything else.
   */
  fenceAt(value: number): DmaFence {
    const end = this.#open('fenceAt');
    this.#check('fenceAt', value);
    return end.fenceAt(value);
  }

  /**
   * Signals: finishes every value up to `value`, and wakes every thread that waits.
   *
   * When it returns, the fences of this thread have signaled. It does nothing after a cancel, or if another thread has already
   * reached the value.
   *
   * @param value an integer, at most 2^31-1 above `value`. Values that were not reserved then count as reserved.
   * With the option `skipped: 'fail'` only `value` itself signals. The values it passes over fail with `ECANCELED`.
   *
   * @param error if given, every newly reached value fails with its code, in all threads. Each thread sees an error whose `cause` has
   * the name, message and code of this one, and its causes, see `errorTextBytes`. Its stack and other properties stay in this thread.
   * @throws FenceError `EINVAL` for a value below the last one that this thread itself advanced to, `EPERM` on a read-only timeline.
   */
  advanceTo(value: number, error?: FenceErrorCode | Error): void {
    const end = this.#writer ?? this.#writable('advanceTo');
    const { progress } = end;
    if (validator !== undefined) validator.advanced(this.context, value);
    // Nearly every advance is one step: what it needs of the checks below is in there.
    if (error !== undefined || !progress.step(value)) {
      this.#check('advanceTo', value);
      const errno = error === undefined ? 0 : this.#errno(error);
      const says = error ?? (end.skippedFail ? passedOver(value) : undefined);
      if (value < end.advanced) {
        if (progress.look()) return;
        throw invalid(
          `${this.#name}: cannot go back from ${String(end.advanced)} to ${String(value)}; values only rise`,
        );
      }
      end.advanced = value;
      if (progress.advance(value, errno, this.#text(says))) progress.wake();
    } else {
      end.advanced = value;
      // After the exchange of the value, see there.
      progress.wake();
    }
    if (this.context.pending > 0) end.catchUp();
  }

  /**
   * Blocks this thread until `value` is finished. Meanwhile nothing else runs in the thread: no timer and no message.
   *
   * @param value as for `fenceAt`.
   * @param options `timeoutMs` in milliseconds. 0 only looks. `Infinity` or none means no limit.
   * @throws FenceError with the error of the value; `ETIME` after the timeout; `EINVAL` for bad arguments; `EDEADLK` at once if the
   * value is not finished and the thread may not block (the main thread of a page: use `fenceAt(value).wait()`). With the validator in
   * `mode: 'throw'`, a `LockdepError` for a wait in a signalling section, a callback or an op, or under a lock of signalling code.
   * Kernel: `dma_fence_wait_timeout`.
   */
  waitSync(value: number, options?: WaitSyncOptions): void {
    const end = this.#open('waitSync');
    this.#check('waitSync', value);
    blockUntil(end, value, options);
  }

  /**
   * Watches a worker that has to finish values. When the worker ends, every reserved and unfinished value fails, in all threads.
   *
   * The `Worker` of a page does not say when it ends. Its `terminate()` is noticed, and an uncaught error in it counts as its end.
   * A worker that closes itself is not noticed.
   *
   * @param worker a `Worker` of Node or of a page.
   * @param error the error of these values, `ECANCELED` by default.
   * @returns a disposable that stops watching. In the thread that created the timeline, disposing of the timeline does so too.
   * @throws FenceError `EINVAL` for anything else, `EPERM` on a read-only timeline.
   */
  bindOwner(worker: OwnerThread, error: FenceErrorCode | Error = 'ECANCELED'): Disposable {
    const end = this.#writable('bindOwner');
    const errno = this.#errno(error);
    const text = this.#text(error);
    const watch = watchOwner(worker, () => {
      const { progress } = end;
      progress.look();
      progress.advance(progress.reserved(), errno, text);
      // Always: it may have died between finishing a value and waking those who wait for it.
      end.memory.notify();
      end.catchUp();
    });
    const owner: Disposable = {
      [Symbol.dispose]: () => {
        this.#owners.delete(owner);
        watch[Symbol.dispose]();
      },
    };
    if (this.#creator) this.#owners.add(owner);
    return owner;
  }

  /**
   * Cancels the timeline for all threads: every unfinished value fails, and no value can be reserved or finished any more.
   *
   * @param error the reason, `ECANCELED` by default. The error of the first cancel is kept.
   * @throws FenceError `EPERM` on a read-only timeline.
   */
  cancel(error: FenceErrorCode | Error = 'ECANCELED'): void {
    const end = this.#writable('cancel');
    end.progress.cancel(this.#errno(error), this.#text(error));
    // Always, see `bindOwner`.
    end.memory.notify();
    end.update();
  }

  /**
   * In the thread that created the timeline, it calls `cancel()`. In another thread it only detaches this object. With the last object
   * of a thread, the pending fences of that thread fail with `ECANCELED`. Other threads continue.
   */
  [Symbol.dispose](): void {
    if (this.#left) return;
    if (this.#creator) this.cancel();
    for (const owner of this.#owners) owner[Symbol.dispose]();
    this.#left = true;
    this.#writer = undefined;
    leaveEnd(this.#end);
  }

  /** The printed form, in `JSON.stringify` and in Node's `console.log`. It polls nothing. */
  toJSON(): { name: string; value: number; reserved: number; pending: number } {
    return {
      name: this.#end.name,
      value: this.value,
      reserved: this.reserved,
      pending: this.context.pending,
    };
  }

  /** @internal */
  [INSPECT](): unknown {
    return this.toJSON();
  }

  get #name(): string {
    return `shared timeline ${this.#end.name}`;
  }

  /** After its disposal the creator's object is a canceled timeline; an attached one has no timeline any more. */
  #open(call: string): ThreadEnd {
    if (this.#left && !this.#creator) {
      throw invalid(`${this.#name}: ${call}() after it was disposed of; attach again`);
    }
    return this.#end;
  }

  #writable(call: string): ThreadEnd {
    if (this.handle.readonly) {
      throw new FenceError(
        'EPERM',
        `${this.#name}: ${call}() on a read-only timeline; attach with the handle instead of readonlyHandle`,
      );
    }
    return this.#open(call);
  }

  #check(call: string, value: number): void {
    const { progress } = this.#end;
    if (Number.isSafeInteger(value) && value >= 0) {
      // What was last seen is not above the value: only a number that is too far from it needs a look.
      if (value - progress.value <= FARTHEST) return;
      progress.look();
      if (value - progress.value <= FARTHEST) return;
    }
    throw invalid(
      `${this.#name}: ${call}() takes an integer from 0 to 2^31-1 above the value ${String(progress.value)}, not ${describe(value)}`,
    );
  }

  #errno(error: FenceErrorCode | Error): number {
    return -failureOf(error, this.#name).errno;
  }

  /** What travels of an error beside its code. */
  #text(error: FenceErrorCode | Error | undefined): Int32Array | undefined {
    return error === undefined ? undefined : textOf(error, this.#end.errors.texts.bytes);
  }
}

/** Why values before that one failed, where those that are passed over do. */
function passedOver(value: number): FenceError {
  return new FenceError('ECANCELED', `it was passed over: the timeline was advanced to ${String(value)}`);
}
