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
 * How a shared timeline is made.
 *
 * @example The least there is
 * ```ts
 * import type { SharedTimelineOptions } from '@dma-fence/core/shared';
 *
 * const options: SharedTimelineOptions = { driverName: 'codec', timelineName: 'decode' };
 * ```
 */
export interface SharedTimelineOptions {
  /** Who makes the fences; no ':' and no control characters. */
  driverName: string;
  /** Which of its queues; no ':' and no control characters. */
  timelineName: string;
  /** How many errors are remembered, from 1 to 65536; 64 by default. Twelve bytes each, and their texts. */
  errorSlots?: number | undefined;
  /**
   * How many bytes of each error's text are kept, from 0 to 4096; 244 by default. Twelve more of each are used where it is not 0.
   * Name, code and message of the error and of its causes have to fit in; longer messages end with '…'.
   */
  errorTextBytes?: number | undefined;
  /**
   * What becomes of values that an `advanceTo` passes over: `'signal'` (the default), they are finished with it, as on hardware;
   * `'fail'`, they fail with `ECANCELED`, and each value needs an `advanceTo` of its own.
   */
  skipped?: 'signal' | 'fail' | undefined;
  /** The value that the timeline begins with; an integer from 0, 0 by default. */
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
 * A timeline that several threads see: one number in shared memory, the last finished one. Fences of it cost no shared memory.
 *
 * One thread signals at a time, with `advanceTo`; any number reserve, wait and make fences. In each thread the fences are
 * ordinary ones: callbacks, `wait`, arrays, merges and reservations take them. Their `signaled` is brought up to date when
 * somebody waits or hung a callback on one, and by `poll()`. Stands for a hardware queue's completion word, as in `struct dma_fence` with a
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
  /** Names the fences of this thread; `createFence` on it throws, `fenceAt()` does that. Its `uid` is the same in every thread. */
  readonly context: DmaFenceContext;
  /** What another thread attaches with; a read-only timeline gives a read-only one. */
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
   * Makes a timeline, in one small `SharedArrayBuffer`.
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
   * Opens a timeline that another thread, or this one, has made.
   *
   * All objects that are attached to one timeline in one thread share its context and its fences.
   *
   * @param handle what that thread posted: it is checked as anything that comes from outside.
   * @throws FenceError `EINVAL` for anything that is no handle of this version.
   */
  static attach(handle: SharedTimelineHandle): SharedTimeline {
    const { handle: checked, block } = openHandle(handle);
    const { readonly, buffer } = checked;
    const end = useEnd(checked, block);
    // Its names are those it goes by in this thread, whatever another handle of it says.
    const { driverName, timelineName } = end.local.context;
    return new SharedTimeline(end, Object.freeze({ driverName, timelineName, readonly, buffer }), false);
  }

  /** A handle for threads that may look and wait only: what writes throws `EPERM` there. */
  get readonlyHandle(): SharedTimelineHandle {
    return Object.freeze({ ...this.handle, readonly: true });
  }

  /** The last finished value, read from shared memory; after a cancel the last reserved one. */
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
   * Takes the next number, in whatever thread; no two get the same.
   *
   * @returns a number that somebody now owes an `advanceTo`.
   * @throws FenceError `ECANCELED` after a cancel, `EAGAIN` when 2^31-1 are in flight, `EPERM` on a read-only timeline,
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
   * The fence of any value, in this thread; the caller owns a reference.
   *
   * @param value an integer from 0, at most 2^31-1 above `value`; it need not be reserved yet.
   * @returns the same fence each time while it is pending here. For a finished value one that is signaled, or failed with what
   * that value failed with; with `EIO` when that is no longer known. After a cancel, failed for all that was not finished.
   * @throws FenceError `EINVAL` for anything else.
   */
  fenceAt(value: number): DmaFence {
    const end = this.#open('fenceAt');
    this.#check('fenceAt', value);
    return end.fenceAt(value);
  }

  /**
   * The signalling side: finishes everything up to `value`, and wakes every thread that waits.
   *
   * Fences of this thread have signaled when it returns. Does nothing after a cancel, and when another thread has been there already.
   *
   * @param value an integer, at most 2^31-1 above `value`; past what was reserved it counts as reserved.
   * With the option `skipped: 'fail'` only `value` itself signals; those that it passes over fail with `ECANCELED`.
   *
   * @param error with it, everything newly reached fails, in all threads, with its code. The `cause` of the error that each thread
   * sees is made of its name, message and code, and those of its causes, see `errorTextBytes`; its stack and other properties stay here.
   * @throws FenceError `EINVAL` for a value below what this thread itself advanced to, `EPERM` on a read-only timeline.
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
   * Blocks this thread until `value` is finished. Nothing else runs in it meanwhile, no timer, no message.
   *
   * @param value as for `fenceAt`.
   * @param options `timeoutMs` in milliseconds; 0 only looks, `Infinity` and nothing mean no limit.
   * @throws FenceError what the value failed with; `ETIME` after the timeout; `EDEADLK`, at once, where the thread may not block
   * and the value is not finished (a page's main thread: use `fenceAt(value).wait()`); `EINVAL` for bad arguments. With the validator in
   * `mode: 'throw'` a `LockdepError` for a wait in a signalling section, a callback or an op, or under a lock that signallers take.
   * Kernel: `dma_fence_wait_timeout`.
   */
  waitSync(value: number, options?: WaitSyncOptions): void {
    const end = this.#open('waitSync');
    this.#check('waitSync', value);
    blockUntil(end, value, options);
  }

  /**
   * Watches a worker that owes values here: when it is gone, everything that is reserved and not finished fails, in all threads.
   *
   * A page's `Worker` does not tell when it is gone: its `terminate()` is noticed, and an error that nobody caught in it counts as
   * its end; a worker that closes itself is not seen.
   *
   * @param worker Node's `Worker` or a page's.
   * @param error with what; `ECANCELED` by default.
   * @returns a disposable that lets go of the worker; disposing of the timeline does so where it was created.
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
   * Gives up, for all threads: every value that is not finished fails, and nothing can be reserved or finished any more.
   *
   * @param error why; `ECANCELED` by default. The first cancel's stays.
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
   * Where the timeline was created: `cancel()`. Elsewhere it only lets go: with the last object of the timeline in a thread, fences
   * that are pending there fail with `ECANCELED`, other threads go on.
   */
  [Symbol.dispose](): void {
    if (this.#left) return;
    if (this.#creator) this.cancel();
    for (const owner of this.#owners) owner[Symbol.dispose]();
    this.#left = true;
    this.#writer = undefined;
    leaveEnd(this.#end);
  }

  /** What `JSON.stringify` and Node's `console.log` show: reads only, nothing is polled. */
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
