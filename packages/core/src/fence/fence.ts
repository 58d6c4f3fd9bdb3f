// The state machine of a fence. It is one ring of seven files by value, since a fence does what hangs on it. Read them in this order:
//
// 1. `fence.ts`: the class, its flags, and the order of events at a signal.
// 2. `callback.ts`, `callback-list.ts`: what hangs on a fence.
// 3. `attachment.ts`: hanging it there, and taking it off.
// 4. `release.ts`: the last `put`.
// 5. `../wait/fence-wait.ts`: a wait is one more thing that hangs on a fence.
// 6. `../signalling.ts`: sections, and `signalAfter`.

import { add, detach } from './attachment.js';
import {
  FenceCallback,
  type AnyFenceCallback,
  type CallbackEntry,
  type CallbackFunction,
  type FenceCallbacks,
} from './callback.js';
import { CallbackList } from './callback-list.js';
import type { ContainerOps, DmaFenceContext } from './context.js';
import { failureOf, invalid, safely, unfit, type FenceError, type FenceErrorCode } from '../error.js';
import { Failure } from './failure.js';
import { checkTime, refused, usedAfterRelease } from './fence-checks.js';
import type { DmaFence, DriverFence, FenceStatus, FenceSummary } from './dma-fence.js';
import { label, nameOf } from './names.js';
import { INSPECT } from '../inspect.js';
import type { Owned } from './ownership.js';
import { platform } from '../platform.js';
import { tearDown } from './release.js';
import { attempt, reportCallbackError, warn } from '../report.js';
import { beginFenceSection, runInSection, type SignallingSection } from '../signalling.js';
import type { Tokens } from '../tracer/tracer.js';
import { tracers } from '../tracer/installed.js';
import { asFound, found, validator } from '../validator.js';
import { version } from '../version.js';
import { waitFence } from '../wait/fence-wait.js';
import type { WaitOptions } from '../wait/wait.js';

/** What tells a fence of any copy of this package; it gives the version of the copy. */
const BRAND: unique symbol = /* @__PURE__ */ Symbol.for('@dma-fence/core fence') as never;

/** It is over. Set before anything is told, never cleared. */
export const SIGNALED = 1;
/** It is over, and the result is a `Failure`. */
export const FAILED = 2;
/** The exporter was asked to signal, or has no such op. */
export const ENABLED = 4;
/** The last reference was put. */
const RELEASED = 8;
/** `beginSignalling` was called, so that the second call is told from the first. */
const PUBLISHED = 16;
/** The warning about a second `beginSignalling` was given. */
const WARNED = 32;
/** A container: others complete it, so that its last put leaves nobody behind. */
export const OWES_NOTHING = 64;
/** What hangs on it is a `CallbackList`. */
export const MANY = 128;
/** Its context keeps when it signals. */
export const TIMED = 256;
/** Its exporter has ops. */
export const OPS = 512;
/** Its context is cancelable and keeps it while it is pending. */
export const KEPT = 1024;

/**
 * Whether tracers or a validator are there. Kept beside what is hot: engines fold a variable of the module that never
 * changes, not one of another.
 */
let observed = false;

/** Whether a tracer wants to hear of the end of fences, so that for the others the last `put` need not look further. */
let endsTold = false;

/**
 * How many signals may be nested in callbacks of each other before the stack is spared: see `defer`. The contract states
 * the number, since the order of callbacks changes there.
 */
const DEEPEST = 64;

/** How many dispatches are under way, each inside a callback of the one before. */
let depth = 0;
/** What runs as soon as there is room on the stack. */
const due: (() => void)[] = [];

/** Tells the hot paths that somebody came to look, or that the last one left. */
export function observe(): void {
  observed = tracers !== undefined || validator !== undefined;
  endsTold = tracers?.destroys === true;
  observer?.(observed);
}

/** Producers outside of core want to know as well, see `onObserved`. */
let observer: ((observed: boolean) => void) | undefined;

export function setObserver(next: typeof observer): void {
  observer = next;
}

export function isObserved(): boolean {
  return observed;
}

/** Marks a fence as published; answers whether its section begins with that. */
export function publish(fence: Fence): boolean {
  const begins = (fence._flags & (PUBLISHED | SIGNALED)) === 0;
  fence._flags |= PUBLISHED;
  return begins;
}

/**
 * The one fence class: a state machine of seven fields, 80 bytes. Consumers see it as `DmaFence`, producers as `DriverFence`.
 *
 * No subclass, no field that only some fences need: what differs between kinds of fences is behind `context`.
 */
export class Fence<T = unknown> implements DriverFence<T> {
  // Declared, not initialised: all fields are written once, by the constructor, which is small enough to be inlined.

  /** Names, exporter and clock are shared by all fences of a context, see `DmaFenceContext`. */
  declare readonly context: DmaFenceContext;
  /** A number, since a bigint costs 24 bytes and 15 ns; exact to 2^53. */
  declare readonly seqno: number;
  /** The producer's; handed over to the fence. */
  declare readonly data: T;
  /** The last `put()` releases the fence. */
  declare refCount: number;
  /** The tracer's own; beside the fence, in a WeakMap, it would cost 40 ns and more. */
  declare traceState: unknown;
  /** The bits of this file's head. */
  declare _flags: number;
  /**
   * A union, as in the kernel. Until the signal what hangs on the fence: one callback itself, so that it costs no list.
   * From then on the result: the timestamp of a success if there is one, the `Failure` of a failure.
   */
  declare _callbacksOrResult: FenceCallbacks | Failure | number | undefined;

  constructor(context: DmaFenceContext, seqno: number, data: T, flags: number) {
    this.context = context;
    this.seqno = seqno;
    this.data = data;
    this.refCount = 1;
    this.traceState = undefined;
    this._flags = flags;
    this._callbacksOrResult = undefined;
  }

  get name(): string {
    return `${nameOf(this.context)}:${String(this.seqno)}`;
  }

  get signaled(): boolean {
    return (this._flags & SIGNALED) !== 0;
  }

  get status(): FenceStatus {
    const flags = this._flags;
    return (flags & SIGNALED) === 0 ? 'pending' : (flags & FAILED) === 0 ? 'signaled' : 'failed';
  }

  get error(): FenceError | undefined {
    return failure(this)?.error;
  }

  get timestamp(): number | undefined {
    const result = this._callbacksOrResult;
    if ((this._flags & SIGNALED) === 0) return undefined;
    return result instanceof Failure ? result.timestamp : (result as number | undefined);
  }

  get(): Owned<this> {
    checkHeld(this, 'get');
    this.refCount++;
    return this;
  }

  put(): void {
    checkHeld(this, 'put');
    if (--this.refCount === 0) release(this);
  }

  [Symbol.dispose](): void {
    this.put();
  }

  signal(timestamp?: number): boolean {
    // One test for everything that is rare.
    if ((this._flags & (SIGNALED | RELEASED | TIMED)) !== 0 || timestamp !== undefined)
      return signalAt(this, timestamp);
    complete(this, SIGNALED, undefined);
    return true;
  }

  fail(error: FenceErrorCode | Error, timestamp?: number): boolean {
    checkHeld(this, 'fail');
    if (timestamp !== undefined) checkTime(this, 'timestamp', timestamp);
    const reason = failureOf(error, label(this));
    if ((this._flags & SIGNALED) !== 0) return false;
    const heard = this._callbacksOrResult !== undefined;
    failWith(this, new Failure(reason, stamp(this, timestamp)));
    const ops = this.context._ops;
    if (!heard && ops?.unheard !== undefined) attempt(this, () => ops.unheard?.(this), 'unheard');
    return true;
  }

  poll(): boolean {
    checkHeld(this, 'poll');
    if ((this._flags & SIGNALED) !== 0) return true;
    const ops = this.context._ops;
    if (ops?.isSignaled === undefined) return false;
    const done = attempt(this, () => ops.isSignaled?.(this), 'isSignaled');
    if (done === true && (this._flags & (SIGNALED | RELEASED)) === 0) signalFound(this);
    return this.signaled;
  }

  enableSignaling(): void {
    checkHeld(this, 'enableSignaling');
    enable(this);
  }

  addCallback(callback: AnyFenceCallback | ((fence: DmaFence<T>) => void)): boolean {
    const flags = this._flags & (SIGNALED | RELEASED | ENABLED);
    if (flags !== ENABLED || typeof callback !== 'function' || observed)
      return add(this, callback as CallbackFunction | AnyFenceCallback);
    attach(this, callback as CallbackFunction);
    return true;
  }

  removeCallback(callback: AnyFenceCallback): boolean {
    if (!(callback instanceof FenceCallback)) {
      throw unfit(`${label(this)}: callback of removeCallback()`, 'a FenceCallback', callback);
    }
    if (callback._fence !== this) return false;
    detach(this, callback);
    return true;
  }

  wait(options?: WaitOptions): Promise<void> {
    return waitFence(this, options);
  }

  setDeadline(deadline: number): void {
    checkHeld(this, 'setDeadline');
    checkTime(this, 'deadline', deadline);
    const ops = this.context._ops;
    if (this.signaled || ops?.setDeadline === undefined) return;
    attempt(this, () => ops.setDeadline?.(this, deadline), 'setDeadline');
  }

  isLaterThan(other: DmaFence): boolean {
    checkHeld(this, 'isLaterThan');
    if (!isFence(other)) throw noFence(`${label(this)}: other of isLaterThan()`, other);
    if (other.context !== this.context) {
      throw refused(this, `has no order with ${other.name}: compare fences of one context`);
    }
    return this.seqno > other.seqno;
  }

  beginSignalling(): SignallingSection {
    checkHeld(this, 'beginSignalling');
    const begins = publish(this);
    if (!begins && (this._flags & WARNED) === 0) {
      this._flags |= WARNED;
      warn(
        `${label(this)}: beginSignalling() ${this.signaled ? 'after the signal' : 'a second time'} has no effect; begin once, on publishing it`,
        this,
      );
    }
    return beginFenceSection(this, begins);
  }

  signalAfter<R>(work: () => R | PromiseLike<R>): Promise<R> {
    return runInSection(this, work);
  }

  emit(timestamp?: number): void {
    checkHeld(this, 'emit');
    if (timestamp !== undefined) checkTime(this, 'timestamp', timestamp);
    tracers?.emit(this, timestamp);
  }

  toJSON(): FenceSummary {
    const { name, status, error, refCount } = this;
    const ops: ContainerOps | undefined = this.context._ops;
    const members = ops?._members?.(this).map((member) => member.toJSON());
    return { name, status, ...(error && { error }), refCount, ...(members && { members }) };
  }

  /** @internal */
  get [BRAND](): string {
    return version;
  }

  /** @internal */
  [INSPECT](): unknown {
    return this.toJSON();
  }
}

/**
 * Returns whether `value` is a fence, of any kind and in any state.
 *
 * @param value anything.
 * @returns true for every fence that core made in this thread.
 *
 * @example Take a fence or nothing
 * ```ts
 * import { isDmaFence } from '@dma-fence/core';
 *
 * isDmaFence({}); // false
 * ```
 */
export function isDmaFence(value: unknown): value is DmaFence {
  return isFence(value);
}

/** The same for core, which sees the whole of it. */
export function isFence(value: unknown): value is Fence {
  // A revoked proxy throws at the question.
  try {
    return value instanceof Fence;
  } catch {
    return false;
  }
}

/** Why `value` is refused where a fence is asked for: nearly always it is none, but it may be one of another copy of core. */
export function noFence(what: string, value: unknown): FenceError {
  const theirs = safely(() => (value as { [BRAND]?: unknown } | undefined)?.[BRAND]);
  if (typeof theirs !== 'string') return unfit(what, 'a fence', value);
  return invalid(
    `${what}: a fence of another copy of @dma-fence/core, ${theirs} beside ${version}; see npm ls @dma-fence/core`,
  );
}

/** When a fence signaled: the time its producer gave, or the clock's if its context keeps it. */
export function stamp(fence: Fence, timestamp: number | undefined): number | undefined {
  return timestamp ?? ((fence._flags & TIMED) === 0 ? undefined : platform.now());
}

/** Makes a fence of `context` and tells tracers; counts it as pending. */
export function createIn<T>(context: DmaFenceContext, seqno: number, data: T, flags: number): Fence<T> {
  const fence = new Fence(context, seqno, data, flags);
  context._pending++;
  if ((flags & KEPT) !== 0) context._kept?.add(fence);
  if (observed) tellCreated(fence);
  return fence;
}

/** The failure of a failed fence. */
export function failure(fence: Fence): Failure | undefined {
  return (fence._flags & FAILED) === 0 ? undefined : (fence._callbacksOrResult as Failure);
}

/** Whether the last reference is gone. */
export function released(fence: Fence): boolean {
  return (fence._flags & RELEASED) !== 0;
}

/** Fails a pending fence with a failure that may have its order already. */
export function failWith(fence: Fence, reason: Failure): void {
  complete(fence, SIGNALED | FAILED, reason);
}

/** Signals a fence whose exporter says that it is done. */
function signalFound(fence: Fence): void {
  if (observed) {
    asFound(() => {
      fence.signal();
    });
  } else fence.signal();
}

/** `signal` where it has a timestamp, or nothing to do. */
function signalAt(fence: Fence, timestamp: number | undefined): boolean {
  checkHeld(fence, 'signal');
  if (timestamp !== undefined) checkTime(fence, 'timestamp', timestamp);
  if (fence.signaled) return false;
  complete(fence, SIGNALED, stamp(fence, timestamp));
  return true;
}

/** The order everybody relies on: flag, list detached, tracers, callbacks first in first out. */
function complete(fence: Fence, flags: number, result: Failure | number | undefined): void {
  const callbacks = fence._callbacksOrResult as FenceCallbacks | undefined;
  const { context, _flags: before } = fence;
  fence._flags = (before & ~MANY) | flags;
  fence._callbacksOrResult = result;
  context._pending--;
  if ((before & KEPT) !== 0) context._kept?.delete(fence);
  if (observed) tellSignaled(fence);
  if (callbacks === undefined) return;
  const many = (before & MANY) !== 0;
  if (depth < DEEPEST) {
    // As `dispatch`, which as a call would cost as much again.
    depth++;
    if (many) (callbacks as CallbackList)._signaled(fence);
    else callReporting(fence, callbacks as CallbackEntry);
    if (depth === DEEPEST) runDue();
    depth--;
  } else defer(fence, callbacks, many);
}

/** Runs the callbacks of a fence, one level deeper. What they throw is reported, so that it comes back here. */
function dispatch(fence: Fence, callbacks: FenceCallbacks, many: boolean): void {
  depth++;
  if (many) (callbacks as CallbackList)._signaled(fence);
  else callReporting(fence, callbacks as CallbackEntry);
  depth--;
}

/** Too deep for anything but what could not go deeper, in order. */
function runDue(): void {
  while (due.length > 0) for (const work of due.splice(0)) work();
}

/** The callbacks of a signal that is too deep run as soon as the stack has come back to level `DEEPEST`. */
function defer(fence: Fence, callbacks: FenceCallbacks, many: boolean): void {
  // Whoever signals may put the last reference next.
  const kept = released(fence) ? undefined : fence.get();
  due.push(() => {
    dispatch(fence, callbacks, many);
    if (kept !== undefined && !released(kept)) kept.put();
  });
}

/** Does `work` at once, but never before callbacks that are still due. */
export function inTurn(work: () => void): void {
  if (depth < DEEPEST) work();
  else due.push(work);
}

function tellCreated(fence: Fence): void {
  validator?.created(fence);
  tracers?.init(fence);
}

function tellSignaled(fence: Fence): void {
  validator?.signaled(fence, (fence._flags & PUBLISHED) !== 0, !found);
  tracers?.signaled(fence);
}

/** Tells what hangs on a fence, a user's callback or a record of core's own: what it throws is reported and stops nobody. */
export function callReporting(fence: Fence, entry: CallbackEntry): void {
  try {
    if (typeof entry !== 'function') entry._signaled(fence);
    else if (observed) callTraced(fence, entry, undefined);
    else entry(fence);
  } catch (error) {
    reportCallbackError(error, fence);
  }
}

/** Calls a user's callback from inside `callReporting`. */
export function callUser(
  fence: Fence,
  entry: CallbackFunction | AnyFenceCallback,
  tokens: Tokens | undefined,
): void {
  if (observed) callTraced(fence, entry, tokens);
  else callPlain(fence, entry);
}

/** The same, where somebody looks. */
function callTraced(
  fence: Fence,
  entry: CallbackFunction | AnyFenceCallback,
  tokens: Tokens | undefined,
): void {
  const told = tracers;
  if (told?.hears(tokens) !== true) {
    callValidated(fence, entry);
    return;
  }
  told.callback(
    fence,
    () => {
      callValidated(fence, entry);
    },
    tokens,
  );
}

function callValidated(fence: Fence, entry: CallbackFunction | AnyFenceCallback): void {
  if (validator !== undefined) validator.call(fence, 'callback', callPlain, entry);
  else callPlain(fence, entry);
}

function callPlain(fence: DmaFence, entry: CallbackFunction | AnyFenceCallback): void {
  if (typeof entry === 'function') entry(fence);
  else entry.run(fence, entry);
}

/** Hangs `entry` on a pending, enabled fence. */
export function attach(fence: Fence, entry: CallbackEntry): void {
  const present = fence._callbacksOrResult as FenceCallbacks | undefined;
  // The flag tells it faster than `instanceof` would.
  if ((fence._flags & MANY) !== 0) (present as CallbackList).add(entry);
  else if (present === undefined) fence._callbacksOrResult = entry;
  else attachSecond(fence, present as CallbackEntry, entry);
}

function attachSecond(fence: Fence, present: CallbackEntry, entry: CallbackEntry): void {
  const list = new CallbackList(present);
  list.add(entry);
  fence._callbacksOrResult = list;
  fence._flags |= MANY;
}

/** Asks the exporter once to make sure that the fence signals; answers whether the fence is still pending. */
export function enable(fence: Fence): boolean {
  if ((fence._flags & SIGNALED) !== 0) return false;
  if ((fence._flags & ENABLED) !== 0) return true;
  fence._flags |= ENABLED;
  const ops = fence.context._ops;
  if (ops?.enableSignaling === undefined) return true;
  tracers?.enableSignal(fence);
  const accepted = attempt(fence, () => ops.enableSignaling?.(fence), 'enableSignaling');
  if (accepted === false && (fence._flags & (SIGNALED | RELEASED)) === 0) signalFound(fence);
  return !fence.signaled;
}

/** The last reference is gone: nobody is left hanging, nothing is dropped silently. */
function release(fence: Fence): void {
  const flags = (fence._flags |= RELEASED);
  // One test for everything that is rare; small enough to become part of `put`.
  if ((flags & (SIGNALED | OPS)) !== SIGNALED || fence.data !== undefined || endsTold) tearDown(fence);
}

export function checkHeld(fence: Fence, call: string): void {
  if ((fence._flags & RELEASED) !== 0) throw usedAfterRelease(fence, call);
}
