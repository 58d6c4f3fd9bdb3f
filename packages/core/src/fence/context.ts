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
  /** The fence failed and nothing hung on it, no callback and no wait: told once, inside `fail()`, so that no error goes unheard. */
  unheard?(fence: DmaFence): void;
  /** How many wait for the fence (callbacks do not count): 1 when the first wait begins, 0 when the last one is over. */
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
  /** Whether `cancel()` can fail all pending fences at once; off by default. The context then keeps those that are pending. */
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
export class DmaFenceContext implements Disposable {
  /** @internal The first field, so that it is the first that a clone meets. */
  readonly _uncloneable: symbol = NO_CLONE;
  /** 1, 2, 3 … unique in its thread. */
  readonly id: number;
  /** What names the context of a shared timeline, in every thread; undefined for all others. */
  readonly uid: string | undefined = undefined;
  /** Where tracers leave word for other threads; only the context of a shared timeline has one, which sets it. */
  declare readonly carrier: TraceCarrier | undefined;
  /** @internal Where validators leave word for other threads; a shared timeline sets it. */
  declare _notes: ThreadNotes | undefined;
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
   * Creates the next fence with data that may fail to initialise.
   *
   * @param init gets the fence's number and makes its data. If it throws, there is no fence, the number is given back
   * unless another was taken meanwhile, and the error goes to the caller.
   * @throws what `init` throws, and as `createFence`. Answers the RFC's open `PinInit<T, Error>` and its question about the seqno.
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
   * Runs `work` and signals a new fence with its end: the fire-and-forget twin of `signalAfter`.
   *
   * The work begins before this returns, in the fence's own section. An error goes to the fence alone; `ops.unheard` is told of one
   * that nobody waits for.
   *
   * @param work returns nothing, or a promise that settles when the work is over.
   * @returns the fence; the caller owns a reference, and may `put()` it at once.
   * @throws FenceError as `createFence`; never what the work throws.
   */
  run(work: () => unknown): DmaFence<undefined> {
    if (typeof work !== 'function') throw unfit('DmaFenceContext: work of run()', 'a function', work);
    const fence = this.createFence();
    runInSection(fence as Fence<undefined>, work).catch(() => undefined);
    return fence;
  }

  /**
   * Gives up: every pending fence fails, ascending, before this returns; `createFence` throws from then on.
   *
   * @param error why; `ECANCELED` by default. The first cancel's stays.
   * @throws FenceError `EINVAL` on a context that was made without `cancelable`, and for an unknown code.
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

  /** `cancel()` where the context is `cancelable`; elsewhere it warns if fences are pending, since nobody will hear of them. */
  [Symbol.dispose](): void {
    if (this._kept !== undefined) this.cancel();
    else if (this._pending > 0) {
      warn(
        `${nameOf(this)}: disposed of with ${String(this._pending)} fences pending; signal them before, or use cancelable: true`,
        undefined,
      );
    }
  }

  /** What `JSON.stringify` and Node's `console.log` show. */
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
