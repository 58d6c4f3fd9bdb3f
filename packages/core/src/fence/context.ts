import { checkObject, invalid, unfit, type FenceError } from '../error.js';
import type { DriverFence } from './fence.js';
import { createIn, ENABLED, OPS, TIMED, type Fence } from './fence-state.js';
import type { TraceCarrier } from '../tracer/trace-carrier.js';

/**
 * The exporter's side of a context: what it does when others want to know or wait. All optional, shared by all fences.
 *
 * Ops run inside the call that needs them and must not wait. What one throws is reported like a callback's error and the
 * work goes on: `enableSignaling` that threw counts as true, `isSignaled` as false. Stands for `struct dma_fence_ops`.
 *
 * @example A device whose interrupt is off until somebody waits
 * ```ts
 * import { DmaFenceContext, type FenceOps } from '@dma-fence/core';
 *
 * const device = { finished: 0, interrupts: false };
 * const ops: FenceOps = {
 *   enableSignaling(fence) {
 *     device.interrupts = true;
 *     return device.finished < fence.seqno; // false: already done
 *   },
 *   isSignaled: (fence) => device.finished >= fence.seqno,
 * };
 * new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0', ops });
 * ```
 */
export interface FenceOps {
  /** Make sure that the fence will signal; called at most once, at the first callback or wait. False: "already done", core signals it there. */
  enableSignaling?(fence: DriverFence): boolean;
  /** Asked by `poll()` and by what polls: waits of no time, merging, chains, reservations. Once true, always true. */
  isSignaled?(fence: DriverFence): boolean;
  /** Somebody wants the result by `deadline`, in ms on the `performance.now()` clock. */
  setDeadline?(fence: DriverFence, deadline: number): void;
  /** The last reference was put; `data` has been disposed of. */
  release?(fence: DriverFence): void;
}

/**
 * What core itself knows of the fences of a context beyond the public ops.
 *
 * `waiting` counts the waits that somebody awaits (+1, -1), so that a backend can keep the process alive exactly that long.
 */
export interface Backend {
  waiting(fence: Fence, change: 1 | -1): void;
}

/**
 * How a context is made.
 *
 * @example The least there is
 * ```ts
 * import type { DmaFenceContextOptions } from '@dma-fence/core';
 *
 * const options: DmaFenceContextOptions = { driverName: 'gpu', timelineName: 'ring0' };
 * ```
 */
export interface DmaFenceContextOptions {
  /** Who makes the fences; no ':' and no control characters. */
  driverName: string;
  /** Which of its queues; no ':' and no control characters. */
  timelineName: string;
  /** What the exporter does when others wait. */
  ops?: FenceOps | undefined;
  /** The number before the first fence's; a safe integer from 0, 0 by default. */
  initialSeqno?: number | undefined;
  /** Whether each fence keeps when it signaled; off by default, since reading the clock costs as much as a promise. */
  timestamps?: boolean | undefined;
}

let contexts = 0;

/**
 * A timeline of fences: gives them their numbers, keeps their names once, and counts those in flight.
 *
 * A fence keeps its context alive; the context does not keep its fences. Fences of one context signal in order by
 * contract, which merging and reservations rely on. Wrong options throw a `FenceError` with `EINVAL`.
 * Stands for `dma_fence_context_alloc`, and the RFC's `DmaFenceCtx`.
 *
 * @example One context a queue
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 *
 * const copyQueue = new DmaFenceContext({ driverName: 'gpu', timelineName: 'copy' });
 * using fence = copyQueue.createFence();
 * copyQueue.pending; // 1
 * fence.signal();
 * ```
 */
export class DmaFenceContext {
  /** 1, 2, 3 … unique in its thread. */
  readonly id: number;
  /** What names the context of a shared timeline, in every thread; undefined for all others. */
  readonly uid: string | undefined = undefined;
  /** Where tracers leave word for other threads; only the context of a shared timeline has one, which sets it. */
  declare readonly carrier: TraceCarrier | undefined;
  /** Kept here once, never in a fence: there can be millions of fences. */
  readonly driverName: string;
  /** Which of the driver's queues: the second part of every fence's name. */
  readonly timelineName: string;
  /** @internal */
  readonly _ops: FenceOps | undefined;
  /** @internal What a new fence begins with: without an op to enable, it is enabled. */
  readonly _flags: number;
  /** @internal No fence is created by users from this seqno on. */
  _limit: number = Number.MAX_SAFE_INTEGER;
  /** @internal Why, where it is not that numbers run out. */
  _closed: (() => FenceError) | undefined = undefined;
  /** @internal */
  _backend: Backend | undefined = undefined;
  /** @internal */
  _lastSeqno: number;
  /** @internal */
  _pending = 0;

  constructor(options: DmaFenceContextOptions);
  /** @internal The stub's context is number 0; all others count up. */
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- it must not be seen in the published types
  constructor(options: DmaFenceContextOptions, id: number | undefined);
  constructor(options: DmaFenceContextOptions, id?: number) {
    checkObject('DmaFenceContext: options', options);
    const { driverName, timelineName, ops, initialSeqno = 0, timestamps = false } = options;
    checkName('driverName', driverName);
    checkName('timelineName', timelineName);
    if (ops !== undefined) checkObject('DmaFenceContext: ops', ops);
    if (!Number.isSafeInteger(initialSeqno) || initialSeqno < 0) {
      refuse('initialSeqno', 'an integer from 0 to 2^53-1', initialSeqno);
    }
    this.id = id ?? ++contexts;
    this.driverName = driverName;
    this.timelineName = timelineName;
    this._ops = ops;
    this._flags =
      (ops?.enableSignaling === undefined ? ENABLED : 0) |
      (ops === undefined ? 0 : OPS) |
      (timestamps ? TIMED : 0);
    // Not -0, which is a safe integer too.
    this._lastSeqno = initialSeqno + 0;
  }

  /** The number of the newest fence; `initialSeqno` before the first. */
  get lastSeqno(): number {
    return this._lastSeqno;
  }

  /** How many fences were created here and have not signaled. */
  get pending(): number {
    return this._pending;
  }

  /** @internal Users cannot create fences here, for the reason that `why` makes. */
  _close(why: () => FenceError): void {
    this._limit = -1;
    this._closed = why;
  }

  /**
   * Creates the next fence; the caller owns its one reference, and owes its signal.
   *
   * @param data handed over to the fence, which disposes of it at the last `put` if it has `[Symbol.dispose]`.
   * @throws FenceError `EINVAL` past seqno 2^53-1, and on the contexts of timelines and containers.
   * Stands for `dma_fence_init64`.
   */
  createFence(): DriverFence<undefined>;
  /** The same, with data. */
  createFence<T>(data: T): DriverFence<T>;
  createFence<T>(data?: T): DriverFence<T | undefined> {
    return createIn(this, nextSeqno(this), data, this._flags);
  }

  /**
   * Creates the next fence with data that may fail to initialise.
   *
   * @param init gets the fence's number and makes its data. If it throws, there is no fence, the number is given back
   * unless another was taken meanwhile, and the error goes to the caller.
   * @throws what `init` throws, and as `createFence`. Answers the RFC's open `PinInit<T, Error>` and its question about the seqno.
   */
  createFenceWith<T>(init: (seqno: number) => T): DriverFence<T> {
    if (typeof init !== 'function') refuse('init', 'a function', init);
    const seqno = nextSeqno(this);
    let data: T;
    try {
      data = init(seqno);
    } catch (error) {
      if (this._lastSeqno === seqno) this._lastSeqno = seqno - 1;
      throw error;
    }
    return createIn(this, seqno, data, this._flags);
  }
}

function nextSeqno(context: DmaFenceContext): number {
  if (context._lastSeqno >= context._limit) throw exhausted(context);
  return ++context._lastSeqno;
}

function exhausted(context: DmaFenceContext): FenceError {
  return (
    context._closed?.() ??
    invalid(`${nameOf(context)}: seqno 2^53-1 was the last exact one; make a new context`)
  );
}

/** `driver:timeline:id`, the beginning of its fences' names. */
export function nameOf({ driverName, timelineName, id }: DmaFenceContext): string {
  return `${driverName}:${timelineName}:${String(id)}`;
}

/** What may join a fence's name. */
export function checkName(what: string, name: string): void {
  if (typeof name !== 'string' || /[:\u0000-\u001f\u007f-\u009f]/.test(name)) {
    refuse(what, "a string without ':' (it joins names) and control characters", name);
  }
}

function refuse(what: string, wanted: string, got: unknown): never {
  throw unfit(`DmaFenceContext: ${what}`, wanted, got);
}
