import { DmaFenceContext, type DmaFenceContextOptions } from './fence/context.js';
import { nameOf } from './fence/names.js';
import {
  checkObject,
  checkOptions,
  failureOf,
  FenceError,
  invalid,
  unfit,
  wrap,
  type FenceErrorCode,
} from './error.js';
import type { DmaFence } from './fence/dma-fence.js';
import { Failure } from './fence/failure.js';
import { createIn, failWith, released, stamp, type Fence } from './fence/fence.js';
import { INSPECT } from './inspect.js';
import type { TraceCarrier } from './tracer/trace-carrier.js';
import { tracers } from './tracer/installed.js';
import { asFound, found, validator } from './validator.js';

/**
 * Options of a timeline.
 *
 * @example The least there is
 * ```ts
 * import type { FenceTimelineOptions } from '@dma-fence/core';
 *
 * const options: FenceTimelineOptions = { driverName: 'gpu', timelineName: 'ring0' };
 * ```
 */
export interface FenceTimelineOptions extends Omit<DmaFenceContextOptions, 'initialSeqno' | 'cancelable'> {
  /** The first value of the timeline. A safe integer from 0. Default: 0. */
  initialValue?: number | undefined;
  /**
   * Returns the result of a value that the timeline has passed and whose fence no longer exists: undefined for success, else the
   * error. `fenceAt` calls it. Without it, a passed value is a success. If it throws, the fence fails with the thrown error.
   */
  resultOf?: ((value: number) => FenceErrorCode | FenceError | undefined) | undefined;
  /** The name of the timeline in every thread or process that sees it. Becomes `context.uid`. For timelines whose state is elsewhere. */
  uid?: string | undefined;
  /** Passes information of tracers about a fence to the other threads or processes. Becomes `context.carrier`. */
  carrier?: TraceCarrier | undefined;
}

const OPTIONS: readonly string[] = [
  'driverName',
  'timelineName',
  'ops',
  'initialValue',
  'timestamps',
  'resultOf',
  'uid',
  'carrier',
];

/** How far an advance goes, and what happens to the fences on its way. */
interface Advance {
  readonly to: number;
  readonly error: FenceError | undefined;
}

/**
 * An in-order queue. It creates fences, and signals them when it reaches their value, as a hardware ring does.
 *
 * The timeline is the producer of its fences, so other code cannot signal them. It holds a reference to each pending fence.
 * Stands for the kernel's `sw_sync` timeline, without its 32-bit wrap.
 *
 * @example A ring that reports the last finished job
 * ```ts
 * import { FenceTimeline } from '@dma-fence/core';
 *
 * using ring = new FenceTimeline({ driverName: 'gpu', timelineName: 'ring0' });
 * using first = ring.createFence();
 * using second = ring.createFence();
 * ring.advanceTo(2); // the interrupt: both are done
 * first.signaled && second.signaled; // true
 * ```
 */
export class FenceTimeline implements Disposable {
  /** Names and numbers the fences. `createFence` on it throws: call it on the timeline instead. */
  readonly context: DmaFenceContext;
  #value: number;
  /** Pending fences, ascending; those before `#head` are done. */
  #queue: Fence[] = [];
  #head = 0;
  /** What is still to be reached; more than one while callbacks advance further. */
  #advances: Advance[] = [];
  #advancing = false;
  #canceled: FenceError | undefined = undefined;
  /** Everything up to here was handed to the hardware. */
  #emitted: number;
  readonly #resultOf: FenceTimelineOptions['resultOf'];

  /** Wrong options throw a `FenceError` with `EINVAL`. */
  constructor(options: FenceTimelineOptions) {
    checkOptions('FenceTimeline', options, OPTIONS);
    const { initialValue = 0, resultOf, uid, carrier, ...rest } = options;
    if (resultOf !== undefined && typeof resultOf !== 'function') {
      throw unfit('FenceTimeline: resultOf', 'a function', resultOf);
    }
    if (uid !== undefined && (typeof uid !== 'string' || uid === '')) {
      throw unfit('FenceTimeline: uid', 'a string, not empty', uid);
    }
    if (carrier !== undefined) checkCarrier(carrier);
    if (!Number.isSafeInteger(initialValue) || initialValue < 0) {
      throw unfit('FenceTimeline: initialValue', 'an integer from 0 to 2^53-1', initialValue);
    }
    this.context = new DmaFenceContext({ ...rest, initialSeqno: initialValue });
    this.#value = this.#emitted = this.context._lastSeqno;
    this.#resultOf = resultOf;
    if (uid !== undefined) (this.context as { uid: string | undefined }).uid = uid;
    if (carrier !== undefined) (this.context as { carrier: TraceCarrier | undefined }).carrier = carrier;
    this.context._close(() =>
      invalid(`timeline ${this.#name}: its fences are made by timeline.createFence(), not by its context`),
    );
  }

  /** The value it has reached. Inside callbacks, this is already the new value. */
  get value(): number {
    return this.#value;
  }

  /**
   * Creates the fence of the next value, `lastSeqno + 1`. You own a reference.
   *
   * @param data belongs to the fence from now on.
   * @throws FenceError after `cancel()` with the code of the cancel (`ECANCELED`), and `EINVAL` past 2^53-1.
   * Kernel: `SW_SYNC_IOC_CREATE_FENCE`.
   */
  createFence(): DmaFence<undefined>;
  /** The same, with data. */
  createFence<T>(data: T): DmaFence<T>;
  createFence<T>(data?: T): DmaFence<T | undefined> {
    if (this.#canceled !== undefined) {
      throw new FenceError(
        'ECANCELED',
        `timeline ${this.#name}: createFence() after cancel(); make a new timeline`,
        { cause: this.#canceled },
      );
    }
    const { context } = this;
    if (context._lastSeqno === Number.MAX_SAFE_INTEGER) {
      throw invalid(`timeline ${this.#name}: value 2^53-1 was the last exact one; make a new timeline`);
    }
    const fence = createIn(context, ++context._lastSeqno, data, context._flags);
    this.#queue.push(fence.get());
    return fence;
  }

  /**
   * Returns the fence of any value. You own a reference.
   *
   * @param value an integer from 0. `lastSeqno` rises to at least this value.
   * @returns for a pending value, the same fence each time. For a passed value, a fence with the result of the option `resultOf`,
   * or a signaled one without that option. After `cancel()`, a failed fence for every value that was not reached.
   * @throws FenceError `EINVAL` for anything else. Kernel: `SW_SYNC_IOC_CREATE_FENCE` with a value.
   */
  fenceAt(value: number): DmaFence {
    this.#check('fenceAt', value);
    const { context } = this;
    if (value > context._lastSeqno) context._lastSeqno = value;
    const place = this.#placeOf(value);
    const present = this.#queue[place];
    if (present?.seqno === value && value > this.#value && !released(present)) return present.get();
    const fence = createIn(context, value, undefined, context._flags);
    if (value <= this.#value) bornOver(fence, this.#pastError(value));
    else if (this.#canceled !== undefined) bornOver(fence, this.#canceled);
    else if (place === this.#queue.length) this.#queue.push(fence.get());
    else this.#queue.splice(place, 0, fence.get());
    return fence;
  }

  /**
   * Tells tracers that the work up to a value was handed to the hardware now. It changes nothing else.
   *
   * @param value an integer from 0. Tracers receive the pending fences up to it in ascending order, each once.
   * @throws FenceError `EINVAL` for anything else. Kernel: `trace_dma_fence_emit`.
   */
  emitted(value: number): void {
    this.#check('emitted', value);
    const from = this.#emitted;
    if (value <= from) return;
    this.#emitted = value;
    if (tracers === undefined) return;
    const queue = this.#queue;
    const end = this.#placeOf(value + 1);
    for (let place = this.#placeOf(from + 1); place < end; place++) {
      const fence = queue[place];
      if (fence !== undefined && !fence.signaled && !released(fence)) tellEmitted(fence);
    }
  }

  /**
   * Moves the timeline to a value, and signals every pending fence up to it, in ascending order, before it returns.
   *
   * In a callback of one of its fences, it extends the current advance, so the order stays ascending. After `cancel()` it does
   * nothing.
   *
   * @param value an integer, not below the present `value`. `lastSeqno` rises to at least this value.
   * @param error if given, every fence reached by this call fails with it.
   * @throws FenceError `EINVAL` for a value below the present one. Kernel: `SW_SYNC_IOC_INC`.
   */
  advanceTo(value: number, error?: FenceErrorCode | Error): void {
    this.#check('advanceTo', value);
    const reason =
      error === undefined
        ? undefined
        : failureOf(error, `timeline ${this.#name}: the work up to ${String(value)}`);
    if (this.#canceled !== undefined) return;
    if (value < this.#value) {
      throw invalid(
        `timeline ${this.#name}: cannot go back from ${String(this.#value)} to ${String(value)}; values only rise`,
      );
    }
    if (validator !== undefined && !found && this.context.pending === 0)
      validator.advanced(this.context, value);
    this.#value = value;
    if (value > this.context._lastSeqno) this.context._lastSeqno = value;
    this.#reach({ to: value, error: reason });
  }

  /**
   * Cancels the timeline: every pending fence fails, in ascending order. Later, `fenceAt` returns failed fences for unreached values.
   *
   * @param error the reason, `ECANCELED` by default. The error of the first cancel is kept. Kernel: closing the `sw_sync` file.
   */
  cancel(error: FenceErrorCode | Error = 'ECANCELED'): void {
    const reason = failureOf(error, `timeline ${this.#name}: everything after ${String(this.#value)}`);
    if (this.#canceled !== undefined) return;
    this.#canceled = reason;
    this.#reach({ to: Infinity, error: reason });
  }

  /** Calls `cancel()`. */
  [Symbol.dispose](): void {
    this.cancel();
  }

  /** The printed form, in `JSON.stringify` and in Node's `console.log`. */
  toJSON(): { name: string; value: number; lastSeqno: number; pending: number } {
    return { ...this.context.toJSON(), value: this.#value };
  }

  /** @internal */
  [INSPECT](): unknown {
    return this.toJSON();
  }

  /** What became of a value that was passed. */
  #pastError(value: number): FenceError | undefined {
    try {
      const error = this.#resultOf?.(value);
      return error === undefined
        ? undefined
        : failureOf(error, `timeline ${this.#name}: value ${String(value)}`);
    } catch (thrown) {
      // Not known is no success.
      return wrap(thrown, `timeline ${this.#name}: resultOf(${String(value)})`);
    }
  }

  get #name(): string {
    return nameOf(this.context);
  }

  /** One loop signals for all advances, however deep they were called. */
  #reach(advance: Advance): void {
    this.#advances.push(advance);
    if (this.#advancing) return;
    this.#advancing = true;
    for (let next = this.#advances.shift(); next !== undefined; next = this.#advances.shift()) {
      for (let fence = this.#queue[this.#head]; fence !== undefined; fence = this.#queue[this.#head]) {
        if (fence.seqno > next.to) break;
        this.#head++;
        end(fence, next.error);
      }
    }
    this.#advancing = false;
    this.#dropDone();
  }

  /** Forgets the done part of the queue once it is the larger one: O(1) a fence over time. */
  #dropDone(): void {
    if (this.#head * 2 < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }

  /** Where a pending fence of that value stands, or would. */
  #placeOf(value: number): number {
    let low = this.#head;
    let high = this.#queue.length;
    // Nearly always asked for at the end.
    const last = this.#queue.at(-1);
    if (last === undefined || last.seqno < value) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#queue[middle] as Fence).seqno < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #check(call: string, value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw unfit(`timeline ${this.#name}: what ${call}() takes`, 'an integer from 0 to 2^53-1', value);
    }
  }
}

/** Asked anew for each: a tracer may have left meanwhile. */
function tellEmitted(fence: Fence): void {
  tracers?.emit(fence);
}

/** A fence that is over from the beginning: nobody can have listened, so `ops.unheard` is not told of its error. */
function conclude(fence: Fence, error: FenceError | undefined): void {
  if (error === undefined) fence.signal();
  else failWith(fence, new Failure(error, stamp(fence, undefined)));
}

function checkCarrier(carrier: TraceCarrier): void {
  checkObject('FenceTimeline: carrier', carrier);
  const given = carrier as unknown as Record<string, unknown>;
  for (const method of ['offer', 'read']) {
    if (typeof given[method] !== 'function')
      throw unfit(`FenceTimeline: carrier.${method}`, 'a function', given[method]);
  }
}

/** Ends a fence; one that is gone, because somebody put a reference that was not theirs, must not stop those behind it. */
function end(fence: Fence, error: FenceError | undefined): void {
  if (released(fence)) return;
  // Its exporter may have said "already done" before its turn came; then this changes nothing.
  if (error === undefined) fence.signal();
  else fence.fail(error);
  if (!released(fence)) fence.put();
}

/** The end of a fence that is over from its beginning: whoever asks for it signals nothing. */
function bornOver(fence: Fence, error: FenceError | undefined): void {
  if (validator === undefined) conclude(fence, error);
  else {
    asFound(() => {
      conclude(fence, error);
    });
  }
}
