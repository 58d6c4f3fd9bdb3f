import {
  CallbackList,
  FenceCallback,
  type AnyFenceCallback,
  type CallbackEntry,
  type CallbackFunction,
} from './callback.js';
import type { DmaFenceContext } from './context.js';
import { describe, failureOf, FenceError, invalid, type FenceErrorCode } from './error.js';
import type { DmaFence, DriverFence, FenceStatus } from './fence.js';
import { reportCallbackError, warn } from './handlers.js';
import type { Owned } from './ownership.js';
import { platform } from './platform.js';
import { beginFenceSection, runInSection, type SignallingSection } from './signalling.js';
import { tracers, type Tokens } from './tracer.js';
import { waitFence, type WaitOptions } from './wait.js';

/** It is over. Set before anything is told, never cleared. */
const SIGNALED = 1;
/** It is over and `_result` is a `Failure`. */
const FAILED = 2;
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

let failures = 0;

/** Why, when and in which order a fence failed; allocated on failure only. */
export class Failure {
  readonly error: FenceError;
  readonly timestamp: number | undefined;
  /** Rises with every failure of the thread: "the first error" can be told however late somebody asks. */
  readonly order: number;

  constructor(error: FenceError, timestamp: number | undefined, order: number = ++failures) {
    this.error = error;
    this.timestamp = timestamp;
    this.order = order;
  }
}

/**
 * The one fence class: a state machine of eight fields, 88 bytes. Consumers see it as `DmaFence`, producers as `DriverFence`.
 *
 * No subclass, no field that only some fences need: what differs between kinds of fences is behind `context`.
 */
export class Fence<T = unknown> implements DriverFence<T> {
  /** Names, exporter and clock are shared by all fences of a context, see `DmaFenceContext`. */
  readonly context: DmaFenceContext;
  /** A number, since a bigint costs 24 bytes and 15 ns; exact to 2^53. */
  readonly seqno: number;
  /** The producer's; handed over to the fence. */
  readonly data: T;
  /** Who puts the last one releases the fence. */
  refCount = 1;
  /** The tracer's own; beside the fence, in a WeakMap, it would cost 40 ns and more. */
  traceState: unknown = undefined;
  /** The bits above. */
  _flags: number;
  /** One callback stands here itself, so that it costs no list; undefined when there is none and from the signal on. */
  _callbacks: CallbackEntry | CallbackList | undefined = undefined;
  /** The timestamp of a success if there is one, the `Failure` of a failure. */
  _result: Failure | number | undefined = undefined;

  constructor(context: DmaFenceContext, seqno: number, data: T, flags: number) {
    this.context = context;
    this.seqno = seqno;
    this.data = data;
    this._flags = flags;
  }

  get name(): string {
    const { context } = this;
    return `${context.driverName}:${context.timelineName}:${String(context.id)}:${String(this.seqno)}`;
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
    const result = this._result;
    return result instanceof Failure ? result.timestamp : result;
  }

  get(): Owned<this> {
    if ((this._flags & RELEASED) !== 0) throw usedAfterRelease(this, 'get');
    this.refCount++;
    return this;
  }

  put(): void {
    if ((this._flags & RELEASED) !== 0) throw usedAfterRelease(this, 'put');
    if (--this.refCount === 0) release(this);
  }

  [Symbol.dispose](): void {
    this.put();
  }

  signal(timestamp?: number): boolean {
    const flags = this._flags;
    if ((flags & RELEASED) !== 0) throw usedAfterRelease(this, 'signal');
    if (timestamp !== undefined) checkTime(this, 'timestamp', timestamp);
    if ((flags & SIGNALED) !== 0) return false;
    complete(this, SIGNALED, timestamp ?? (this.context._timestamps ? platform.now() : undefined));
    return true;
  }

  fail(error: FenceErrorCode | Error, timestamp?: number): boolean {
    if ((this._flags & RELEASED) !== 0) throw usedAfterRelease(this, 'fail');
    if (timestamp !== undefined) checkTime(this, 'timestamp', timestamp);
    const reason = failureOf(error, `fence ${this.name}`);
    if ((this._flags & SIGNALED) !== 0) return false;
    failWith(this, new Failure(reason, timestamp ?? (this.context._timestamps ? platform.now() : undefined)));
    return true;
  }

  poll(): boolean {
    if ((this._flags & RELEASED) !== 0) throw usedAfterRelease(this, 'poll');
    if ((this._flags & SIGNALED) !== 0) return true;
    const ops = this.context._ops;
    if (ops?.isSignaled === undefined) return false;
    let done = false;
    try {
      done = ops.isSignaled(this);
    } catch (error) {
      reportCallbackError(error, this);
    }
    if (done && (this._flags & (SIGNALED | RELEASED)) === 0) this.signal();
    return this.signaled;
  }

  enableSignaling(): void {
    if ((this._flags & RELEASED) !== 0) throw usedAfterRelease(this, 'enableSignaling');
    enable(this);
  }

  addCallback(callback: AnyFenceCallback | ((fence: DmaFence<T>) => void)): boolean {
    if ((this._flags & RELEASED) !== 0) throw usedAfterRelease(this, 'addCallback');
    if (typeof callback !== 'function') checkFree(this, callback);
    if ((this._flags & (SIGNALED | ENABLED)) !== ENABLED && !enable(this)) return false;
    let entry = callback as CallbackEntry;
    if (typeof callback !== 'function') callback._fence = this;
    if (tracers !== undefined) entry = announce(this, callback as CallbackFunction | AnyFenceCallback);
    attach(this, entry);
    return true;
  }

  removeCallback(callback: AnyFenceCallback): boolean {
    if (!(callback instanceof FenceCallback)) {
      throw invalid(
        `fence ${this.name}: removeCallback() takes a FenceCallback, not ${describe(callback)}; add a record to be able to remove it`,
      );
    }
    if (callback._fence !== this) return false;
    detach(this, callback);
    return true;
  }

  wait(options?: WaitOptions): Promise<void> {
    return waitFence(this, options);
  }

  setDeadline(deadline: number): void {
    if ((this._flags & RELEASED) !== 0) throw usedAfterRelease(this, 'setDeadline');
    checkTime(this, 'deadline', deadline);
    const ops = this.context._ops;
    if (this.signaled || ops?.setDeadline === undefined) return;
    try {
      ops.setDeadline(this, deadline);
    } catch (error) {
      reportCallbackError(error, this);
    }
  }

  isLaterThan(other: DmaFence): boolean {
    if ((this._flags & RELEASED) !== 0) throw usedAfterRelease(this, 'isLaterThan');
    if (!(other instanceof Fence)) {
      throw invalid(`fence ${this.name}: isLaterThan() takes a fence, not ${describe(other)}`);
    }
    if (other.context !== this.context) {
      throw invalid(
        `fence ${this.name}: has no order with ${other.name}, they are of different contexts; compare fences of one context`,
      );
    }
    return this.seqno > other.seqno;
  }

  beginSignalling(): SignallingSection {
    const flags = this._flags;
    if ((flags & RELEASED) !== 0) throw usedAfterRelease(this, 'beginSignalling');
    const again = (flags & (PUBLISHED | SIGNALED)) !== 0;
    if (again && (flags & WARNED) === 0) {
      warn(
        `fence ${this.name}: beginSignalling() ${(flags & SIGNALED) !== 0 ? 'after the signal' : 'a second time'} has no effect; begin once, when the fence is published`,
        this,
      );
    }
    this._flags |= again ? WARNED : PUBLISHED;
    return beginFenceSection(this, !again);
  }

  signalAfter<R>(work: () => R | PromiseLike<R>): Promise<R> {
    if ((this._flags & RELEASED) !== 0) return Promise.reject(usedAfterRelease(this, 'signalAfter'));
    if (typeof work !== 'function') {
      return Promise.reject(
        invalid(`fence ${this.name}: signalAfter() takes a function, not ${describe(work)}`),
      );
    }
    const over = (this._flags & (PUBLISHED | SIGNALED)) !== 0;
    this._flags |= PUBLISHED;
    return runInSection(this, !over, work);
  }

  emit(): void {
    if ((this._flags & RELEASED) !== 0) throw usedAfterRelease(this, 'emit');
    tracers?.emit(this);
  }
}

/**
 * Tells whether `value` is a fence, of whatever kind and state.
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
  return value instanceof Fence;
}

/** Makes a fence of `context` and tells tracers; counts it as pending. */
export function createIn<T>(context: DmaFenceContext, seqno: number, data: T, flags: number): Fence<T> {
  const fence = new Fence(context, seqno, data, flags);
  context._pending++;
  if (tracers !== undefined) tracers.init(fence);
  return fence;
}

/** The failure of a failed fence. */
export function failure(fence: Fence): Failure | undefined {
  return (fence._flags & FAILED) === 0 ? undefined : (fence._result as Failure);
}

/** Whether the last reference is gone. */
export function released(fence: Fence): boolean {
  return (fence._flags & RELEASED) !== 0;
}

/** Fails a pending fence with a failure that may have its order already. */
export function failWith(fence: Fence, reason: Failure): void {
  complete(fence, SIGNALED | FAILED, reason);
}

/** The order everybody relies on: flag, list detached, tracers, callbacks first in first out. */
function complete(fence: Fence, flags: number, result: Failure | number | undefined): void {
  fence._flags |= flags;
  fence._result = result;
  fence.context._pending--;
  const callbacks = fence._callbacks;
  fence._callbacks = undefined;
  if (tracers !== undefined) tracers.signaled(fence);
  if (callbacks === undefined) return;
  if (!(callbacks instanceof CallbackList)) {
    run(fence, callbacks);
    return;
  }
  for (const entry of callbacks.entries) {
    // A hole is a record that was removed, maybe by a callback before it (see `detach`).
    if (entry !== undefined) run(fence, entry);
  }
}

/** Runs what hung on a fence that has just signaled. */
function run(fence: Fence, entry: CallbackEntry): void {
  if (typeof entry === 'function') {
    runUser(fence, entry, undefined);
  } else if (entry instanceof FenceCallback) {
    // Removed by a tracer between signal and dispatch: the record is free, or already on another fence.
    if (entry._fence !== fence) return;
    entry._fence = undefined;
    entry._list = undefined;
    const traced = entry._traced;
    if (traced === false) {
      entry.run(fence, entry);
    } else if (traced === true) {
      runUser(fence, entry, undefined);
    } else {
      entry._traced = true;
      runUser(fence, entry, traced);
    }
  } else {
    entry.notify(fence);
  }
}

/** Calls foreign code: what it throws is reported and stops nobody. */
function runUser(fence: Fence, entry: CallbackFunction | AnyFenceCallback, tokens: Tokens | undefined): void {
  if (tracers?.hears(tokens) === true) {
    tracers.callback(
      fence,
      () => {
        call(fence, entry);
      },
      tokens,
    );
    return;
  }
  try {
    call(fence, entry);
  } catch (error) {
    reportCallbackError(error, fence);
  }
}

function call(fence: Fence, entry: CallbackFunction | AnyFenceCallback): void {
  if (typeof entry === 'function') entry(fence);
  else entry.run(fence, entry);
}

/** Tells tracers of a callback that is being added; answers what is to hang on the fence, with what they want back. */
function announce(fence: Fence, callback: CallbackFunction | AnyFenceCallback): CallbackEntry {
  const tokens = tracers?.callbackAdded(fence);
  if (typeof callback !== 'function') {
    callback._traced = tokens ?? true;
    return callback;
  }
  if (tokens === undefined) return callback;
  return {
    notify: () => {
      runUser(fence, callback, tokens);
    },
  };
}

/** Hangs `entry` on a pending, enabled fence. */
export function attach(fence: Fence, entry: CallbackEntry): void {
  const present = fence._callbacks;
  if (present === undefined) fence._callbacks = entry;
  else if (present instanceof CallbackList) present.add(entry);
  else fence._callbacks = new CallbackList(present, entry);
}

/** Takes a pending record off `fence`, also while the detached list is being run. */
function detach(fence: Fence, record: AnyFenceCallback): void {
  const list = record._list;
  record._fence = undefined;
  record._list = undefined;
  if (typeof record._traced === 'object') record._traced = true;
  if (list === undefined) {
    if (fence._callbacks === record) fence._callbacks = undefined;
    return;
  }
  list.removeAt(record._index);
  if (fence._callbacks === list) tidy(fence, list);
}

/** Takes off a waiter that was hung on `fence` when nothing else was: it stands alone, or first in the list. */
export function detachFirst(fence: Fence, waiter: CallbackEntry): void {
  const present = fence._callbacks;
  if (present === waiter) {
    fence._callbacks = undefined;
  } else if (present instanceof CallbackList && present.entries[0] === waiter) {
    present.removeAt(0);
    tidy(fence, present);
  }
}

function tidy(fence: Fence, list: CallbackList): void {
  if (list.empty) fence._callbacks = undefined;
  else list.compact();
}

/** Asks the exporter once to make sure that the fence signals; answers whether the fence is still pending. */
export function enable(fence: Fence): boolean {
  if ((fence._flags & SIGNALED) !== 0) return false;
  if ((fence._flags & ENABLED) !== 0) return true;
  fence._flags |= ENABLED;
  const ops = fence.context._ops;
  if (ops?.enableSignaling === undefined) return true;
  tracers?.enableSignal(fence);
  let accepted = true;
  try {
    accepted = ops.enableSignaling(fence);
  } catch (error) {
    reportCallbackError(error, fence);
  }
  if (!accepted && (fence._flags & (SIGNALED | RELEASED)) === 0) fence.signal();
  return !fence.signaled;
}

/** The last reference is gone: nobody can be left hanging, nothing is dropped silently. */
function release(fence: Fence): void {
  fence._flags |= RELEASED;
  const { context } = fence;
  if (!fence.signaled) {
    if ((fence._flags & OWES_NOTHING) !== 0 && fence._callbacks === undefined) {
      context._pending--;
    } else {
      const message = `fence ${fence.name}: its last reference was put before it was signaled; it fails with EDEADLK. Signal or fail every fence before its last put()`;
      warn(message, fence);
      failWith(
        fence,
        new Failure(new FenceError('EDEADLK', message), context._timestamps ? platform.now() : undefined),
      );
    }
  }
  const data: unknown = fence.data;
  if (isDisposable(data)) {
    try {
      data[Symbol.dispose]();
    } catch (error) {
      reportCallbackError(error, fence);
    }
  }
  const ops = context._ops;
  if (ops?.release !== undefined) {
    try {
      ops.release(fence);
    } catch (error) {
      reportCallbackError(error, fence);
    }
  }
  tracers?.destroy(fence);
}

function isDisposable(value: unknown): value is Disposable {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as Partial<Disposable>)[Symbol.dispose] === 'function'
  );
}

/** A record must be one of ours and free. */
function checkFree(fence: Fence, callback: AnyFenceCallback): void {
  if (!(callback instanceof FenceCallback)) {
    throw invalid(
      `fence ${fence.name}: addCallback() takes a function or a FenceCallback, not ${describe(callback)}`,
    );
  }
  if (callback._fence !== undefined) {
    throw invalid(
      `fence ${fence.name}: this FenceCallback already hangs on ${callback._fence.name}; remove it there first, or use a second record`,
    );
  }
}

function checkTime(fence: Fence, what: string, time: number): void {
  if (typeof time !== 'number' || Number.isNaN(time)) {
    throw invalid(
      `fence ${fence.name}: the ${what} must be a number of milliseconds on the performance.now() clock, not ${describe(time)}`,
    );
  }
}

/** The error of every call on a fence that its callers have given up. */
export function usedAfterRelease(fence: Fence, call: string): FenceError {
  return invalid(
    `fence ${fence.name}: ${call}() was used after its last reference was put; get() a reference before somebody else's last put()`,
  );
}
