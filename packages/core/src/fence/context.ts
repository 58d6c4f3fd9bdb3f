import {
  checkObject,
  checkOptions,
  failureOf,
  FenceError,
  invalid,
  unfit,
  type FenceErrorCode,
} from '../error.js';
import type { DmaFence, DriverFence } from './dma-fence.js';
import { createIn, ENABLED, KEPT, OPS, TIMED, type Fence } from './fence.js';
import { INSPECT } from '../inspect.js';
import { checkName, nameOf } from './names.js';
import { warn } from '../report.js';
import { runInSection } from '../signalling.js';
import { WaitCount } from './wait-count.js';
import type { TraceCarrier } from '../tracer/trace-carrier.js';
import type { ThreadNotes } from '../validator.js';

/**
 * The exporter's side of a context: core calls these functions when others look at its fences or wait. All are optional. All
 * fences of the context share them.
 *
 * Ops run inside the call that needs them, and must not wait. An error thrown by an op is reported like an error of a
 * callback, and core continues: a throwing `enableSignaling` counts as true, a throwing `isSignaled` as false. Stands for `struct dma_fence_ops`.
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
  /** Make sure that the fence will signal. Called at most once, at the first callback or wait. Return false if the work is already done: core then signals the fence. */
  enableSignaling?(fence: DriverFence): boolean;
  /** Return whether the work is done. Called by `poll()`, by `wait({ timeoutMs: 0 })`, and by merging, chains and reservations. Once true, always true. */
  isSignaled?(fence: DriverFence): boolean;
  /** A consumer wants the result by `deadline`, in ms on the `performance.now()` clock. */
  setDeadline?(fence: DriverFence, deadline: number): void;
  /** Called after the last `put()`, when `data` has been disposed of. */
  release?(fence: DriverFence): void;
  /** Called once, inside `fail()`, if the fence failed and had no callback and no wait. So you can report errors that nobody sees. */
  unheard?(fence: DmaFence): void;
  /** Called with the number of waits (callbacks do not count): 1 when the first wait begins, 0 when the last one ends. */
  awaited?(fence: DmaFence, waiters: number): void;
}

const OPS_NAMES = [
  'enableSignaling',
  'isSignaled',
  'setDeadline',
  'release',
  'unheard',
  'awaited',
] as const satisfies readonly (keyof FenceOps)[];

/** The ops of containers. */
export interface ContainerOps extends FenceOps {
  /** @internal What a container shows of its inside; read only. */
  _members?(fence: Fence): readonly Fence[];
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
 * Options of a context.
 *
 * @example The least there is
 * ```ts
 * import type { DmaFenceContextOptions } from '@dma-fence/core';
 *
 * const options: DmaFenceContextOptions = { driverName: 'gpu', timelineName: 'ring0' };
 * ```
 */
export interface DmaFenceContextOptions {
  /** The program part that makes the fences. No ':' and no control characters. */
  driverName: string;
  /** One of its queues. No ':' and no control characters. */
  timelineName: string;
  /** The functions of the exporter. */
  ops?: FenceOps | undefined;
  /** The number before that of the first fence. A safe integer from 0. Default: 0. */
  initialSeqno?: number | undefined;
  /** Whether each fence keeps the time of its signal. Off by default, because reading the clock costs as much as a promise. */
  timestamps?: boolean | undefined;
  /** Whether `cancel()` can fail all pending fences at once. Off by default. If it is on, the context holds its pending fences. */
  cancelable?: boolean | undefined;
}

const OPTIONS: readonly string[] = [
  'driverName',
  'timelineName',
  'ops',
  'initialSeqno',
  'timestamps',
  'cancelable',
];

/**
 * `structuredClone(fence)` and `postMessage(fence)` would quietly make a dead copy of its fields. No platform offers a class a way
 * to refuse, but a symbol cannot be cloned, and the error shows its description.
 */
const NO_CLONE = /* @__PURE__ */ Symbol('a fence stays in its thread; post the handle of a SharedTimeline');

let contexts = 0;

/**
 * A timeline of fences. It numbers its fences, holds their names, and counts the pending ones.
 *
 * A fence keeps its context alive. The context does not keep its fences. The fences of one context must signal in order:
 * merging and reservations rely on that. Wrong options throw a `FenceError` with `EINVAL`.
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
export class DmaFenceContext implements Disposable {
  /** @internal The first field, so that it is the first that a clone meets. */
  readonly _uncloneable: symbol = NO_CLONE;
  /** 1, 2, 3 … Unique in its thread. */
  readonly id: number;
  /** The name of a shared timeline, the same in every thread. Undefined for all other contexts. */
  readonly uid: string | undefined = undefined;
  /** Passes information of tracers to other threads. Only the context of a shared timeline has one. */
  declare readonly carrier: TraceCarrier | undefined;
  /** @internal Where validators leave word for other threads; a shared timeline sets it. */
  declare _notes: ThreadNotes | undefined;
  /** The first part of the name of every fence. Stored here once, because there can be millions of fences. */
  readonly driverName: string;
  /** The queue of the driver: the second part of the name of every fence. */
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
  /** @internal The pending fences of a `cancelable` context, else undefined. */
  readonly _kept: Set<Fence> | undefined;
  /** @internal What the context was canceled with. */
  _canceled: FenceError | undefined = undefined;

  constructor(options: DmaFenceContextOptions);
  /** @internal The stub's context is number 0; all others count up. */
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- it must not be seen in the published types
  constructor(options: DmaFenceContextOptions, id: number | undefined);
  constructor(options: DmaFenceContextOptions, id?: number) {
    checkOptions('DmaFenceContext', options, OPTIONS);
    const {
      driverName,
      timelineName,
      ops,
      initialSeqno = 0,
      timestamps = false,
      cancelable = false,
    } = options;
    checkName('driverName', driverName);
    checkName('timelineName', timelineName);
    checkOps(ops);
    checkFlag('timestamps', timestamps);
    checkFlag('cancelable', cancelable);
    if (!Number.isSafeInteger(initialSeqno) || initialSeqno < 0) {
      throw unfit('DmaFenceContext: initialSeqno', 'an integer from 0 to 2^53-1', initialSeqno);
    }
    this.id = id ?? ++contexts;
    this.driverName = driverName;
    this.timelineName = timelineName;
    this._ops = ops;
    this._kept = cancelable ? new Set() : undefined;
    this._flags =
      (ops?.enableSignaling === undefined ? ENABLED : 0) |
      (ops === undefined ? 0 : OPS) |
      (timestamps ? TIMED : 0) |
      (cancelable ? KEPT : 0);
    if (ops?.awaited !== undefined) this._backend = new WaitCount();
    // Not -0, which is a safe integer too.
    this._lastSeqno = initialSeqno + 0;
  }

  /** The number of the newest fence. Before the first, `initialSeqno`. */
  get lastSeqno(): number {
    return this._lastSeqno;
  }

  /** The number of fences that were created here and have not signaled. */
  get pending(): number {
    return this._pending;
  }

  /** @internal Users cannot create fences here, for the reason that `why` makes. */
  _close(why: () => FenceError): void {
    this._limit = -1;
    this._closed = why;
  }

  /**
   * Creates the next fence. You own its reference, and must signal it.
   *
   * @param data belongs to the fence, which disposes of it at the last `put` if it has `[Symbol.dispose]`.
   * @throws FenceError `EINVAL` past seqno 2^53-1, and on the contexts of timelines and containers; `ECANCELED` after `cancel()`.
   * Stands for `dma_fence_init64`.
   */
  createFence(): DriverFence<undefined>;
  /** The same, with data. */
  createFence<T>(data: T): DriverFence<T>;
  createFence<T>(data?: T): DriverFence<T | undefined> {
    return createIn(this, nextSeqno(this), data, this._flags);
  }

  /**
   * Creates the next fence with data whose initialisation may fail.
   *
   * @param init receives the number of the fence and returns its data. If it throws, no fence is created. The number is free
   * again, unless another one was taken meanwhile.
   * @throws the error of `init`, and the errors of `createFence`. Answers the RFC's open `PinInit<T, Error>` and its question about the seqno.
   */
  createFenceWith<T>(init: (seqno: number) => T): DriverFence<T> {
    if (typeof init !== 'function') throw unfit('DmaFenceContext: init', 'a function', init);
    const seqno = nextSeqno(this);
    let data: T;
    try {
      data = init(seqno);
    } catch (error) {
      if (this._lastSeqno === seqno) this._lastSeqno = seqno - 1;
      throw error;
    }
    const fence = createIn(this, seqno, data, this._flags);
    // Canceled by `init`: the data has an owner, and the fence an end.
    if (this._canceled !== undefined) fence.fail(this._canceled);
    return fence;
  }

  /**
   * Runs `work`, and returns a fence that signals when the work ends. Like `signalAfter`, for work you do not wait for.
   *
   * The work begins before this call returns, in the fence's own section. An error of the work only fails the fence. If nothing
   * waits for the fence, `ops.unheard` receives the error.
   *
   * @param work returns nothing, or a promise that settles at the end of the work.
   * @returns the fence. You own a reference, and may `put()` it at once.
   * @throws FenceError as `createFence`. It never throws an error of the work.
   */
  run(work: () => unknown): DmaFence<undefined> {
    if (typeof work !== 'function') throw unfit('DmaFenceContext: work of run()', 'a function', work);
    const fence = this.createFence();
    runInSection(fence as Fence<undefined>, work).catch(() => undefined);
    return fence;
  }

  /**
   * Cancels the context: every pending fence fails, in ascending order, before this call returns. From then on `createFence` throws.
   *
   * @param error the reason, `ECANCELED` by default. The error of the first cancel is kept.
   * @throws FenceError `EINVAL` on a context without `cancelable`, and for an unknown code.
   */
  cancel(error: FenceErrorCode | Error = 'ECANCELED'): void {
    const kept = this._kept;
    if (kept === undefined) {
      throw invalid(`${nameOf(this)}: cancel() needs the option cancelable: true`);
    }
    const reason = failureOf(error, nameOf(this));
    if (this._canceled !== undefined) return;
    this._canceled = reason;
    this._close(
      () =>
        new FenceError('ECANCELED', `${nameOf(this)}: createFence() after cancel(); make a new context`, {
          cause: reason,
        }),
    );
    // A fence leaves the set as it fails. `createFenceWith` may have added one behind a later one.
    for (const fence of [...kept].sort((one, other) => one.seqno - other.seqno)) {
      if (!fence.signaled) fence.fail(reason);
    }
  }

  /** Calls `cancel()` if the context is `cancelable`. Otherwise it warns if fences are pending. */
  [Symbol.dispose](): void {
    if (this._kept !== undefined) this.cancel();
    else if (this._pending > 0) {
      warn(
        `${nameOf(this)}: disposed of with ${String(this._pending)} fences pending; signal them before, or use cancelable: true`,
        undefined,
      );
    }
  }

  /** The printed form, in `JSON.stringify` and in Node's `console.log`. */
  toJSON(): { name: string; lastSeqno: number; pending: number } {
    return { name: nameOf(this), lastSeqno: this._lastSeqno, pending: this._pending };
  }

  /** @internal */
  [INSPECT](): unknown {
    return this.toJSON();
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

/** Other names in it are the exporter's own affair: `ops` may be an object with a state. */
function checkOps(ops: FenceOps | undefined): void {
  if (ops === undefined) return;
  checkObject('DmaFenceContext: ops', ops);
  for (const name of OPS_NAMES) {
    const op = (ops as Record<string, unknown>)[name];
    if (op !== undefined && typeof op !== 'function')
      throw unfit(`DmaFenceContext: ops.${name}`, 'a function', op);
  }
}

function checkFlag(what: string, flag: unknown): void {
  if (typeof flag !== 'boolean') throw unfit(`DmaFenceContext: ${what}`, 'true or false', flag);
}
