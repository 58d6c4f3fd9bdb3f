import type { FenceCallback } from './callback.js';
import { attachCore, detachWaiter } from './attachment.js';
import { FenceError } from './error.js';
import { label } from './fence-checks.js';
import type { DmaFence } from './fence.js';
import { enable, ENABLED, FAILED, failure, released, SIGNALED, type Fence } from './fence-state.js';
import { platform } from './platform.js';
import type { EndWait, WaitOutcome } from './tracer.js';
import { tracers } from './tracing.js';
import { validator } from './validator.js';

/** Who waits, for error messages: a function of ours, or the fence whose `wait()` it is. A name costs more than a wait. */
export type Who = string | Fence;

/** Options after the check: what is asked of a wait. */
export interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** How error messages begin. */
export function waiterName(who: Who): string {
  return typeof who === 'string' ? who : `${label(who)}: wait()`;
}

/**
 * The common course of all waits, after the arguments were checked.
 *
 * Takes no reference; whatever ends it, it leaves nothing on any fence. `flags` are those that any of the fences has.
 * Resolves with the lowest signaled index.
 */
export function begin(
  who: Who,
  fences: readonly Fence[],
  flags: number,
  any: boolean,
  limits: Limits,
): Promise<number> {
  const result = new Promise<number>((resolve, reject) => {
    new Waiter(who, fences, any, resolve, reject).begin(flags, limits);
  });
  // A wait of no time never blocks anybody.
  return validator === undefined || limits.timeoutMs === 0 ? result : validator.wait(fences, result);
}

/**
 * A wait that goes on: one object hangs on all its fences at once.
 *
 * It stands on a fence that has nothing else as its only callback. On the others a record of its own stands for it, to
 * be found again in O(1).
 */
export class Waiter {
  readonly #who: Who;
  readonly #fences: readonly Fence[];
  readonly #any: boolean;
  readonly #resolve: (index: number) => void;
  readonly #reject: (reason: unknown) => void;
  /** How many fences it hangs on. */
  #pending = 0;
  #over = false;
  /** Whether a fence that succeeds does more than to be counted. */
  #attentive: boolean;
  /** Somebody must hear of each fence that is left. */
  #watched = false;
  #crowded: FenceCallback<Waiter>[] | undefined = undefined;
  #ends: Map<Fence, EndWait> | undefined = undefined;
  #timer: unknown = undefined;
  #unlisten: (() => void) | undefined = undefined;

  constructor(
    who: Who,
    fences: readonly Fence[],
    any: boolean,
    resolve: (index: number) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#who = who;
    this.#fences = fences;
    this.#any = this.#attentive = any;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(flags: number, { timeoutMs, signal }: Limits): void {
    if ((flags & SIGNALED) !== 0 && this.#decide()) return;
    if (signal?.aborted === true) {
      this.#reject(signal.reason);
      return;
    }
    if (timeoutMs === 0) {
      this.#poll();
      return;
    }
    this.#hang();
    if (this.#over) return;
    if (timeoutMs !== Infinity) this.#limit(timeoutMs);
    if (signal !== undefined) this.#listen(signal);
  }

  /** One of its fences has signaled. */
  _signaled(fence: Fence): void {
    if (this.#attentive || (fence._flags & FAILED) !== 0) this.#attend(fence);
    else if (--this.#pending === 0) this.#succeed();
  }

  #attend(fence: Fence): void {
    if (this.#watched) this.#leave(fence, 'signaled');
    // Decided by a callback that ran before this one.
    if (this.#over) return;
    this.#pending--;
    if (this.#any || (fence._flags & FAILED) !== 0) this.#finish('aborted');
    else if (this.#pending === 0) this.#succeed();
  }

  /** Settles if the fences have decided by now: the lowest index that has signaled, or the first error. */
  #decide(): boolean {
    let index = 0;
    let pending = 0;
    for (const { _flags: flags } of this.#fences) {
      if ((flags & SIGNALED) === 0) pending++;
      else if (this.#any) {
        this.#resolve(index);
        return true;
      } else if ((flags & FAILED) !== 0) {
        this.#reject(firstFailure(this.#fences));
        return true;
      }
      index++;
    }
    if (pending > 0) return false;
    this.#resolve(0);
    return true;
  }

  /** A wait of no time. */
  #poll(): void {
    const ends = tracers === undefined ? undefined : new Map<Fence, EndWait>();
    for (const fence of this.#fences) {
      if (!enable(fence)) continue;
      if (tracers !== undefined && ends?.has(fence) === false) ends.set(fence, tracers.waitStart(fence));
    }
    for (const fence of this.#fences) if (!released(fence)) fence.poll();
    const decided = this.#decide();
    ends?.forEach((end, fence) => {
      end(outcomeOf(fence, decided ? 'aborted' : 'timeout'));
    });
    if (!decided) this.#timeout('not signaled now; to wait, give it more than 0 ms');
  }

  /** Hangs it on all that are pending, after their exporters were asked to signal. */
  #hang(): void {
    // One more than it hangs on, until it hangs on all: an exporter may signal while it is asked.
    this.#pending = 1;
    for (const fence of this.#fences) {
      if ((fence._flags & (SIGNALED | ENABLED)) !== ENABLED && !enable(fence)) {
        if (!this.#over && (this.#any || (fence._flags & FAILED) !== 0)) this.#finish('aborted');
        if (this.#over) return;
        continue;
      }
      this.#pending++;
      if (fence._callbacksOrResult === undefined) fence._callbacksOrResult = this;
      else (this.#crowded ??= []).push(attachCore(fence, passOn, this as Waiter));
      if (tracers !== undefined || fence.context._backend !== undefined) this.#watch(fence);
      if (this.#over) return;
    }
    this.#pending--;
    if (this.#pending === 0) this.#succeed();
  }

  /** Tells tracers and backend that this one is waited for. */
  #watch(fence: Fence): void {
    this.#watched = this.#attentive = true;
    if (tracers !== undefined) {
      this.#ends ??= new Map();
      if (!this.#ends.has(fence)) this.#ends.set(fence, tracers.waitStart(fence));
    }
    fence.context._backend?.waiting(fence, 1);
  }

  #limit(timeoutMs: number): void {
    this.#timer = platform.setTimer(() => {
      this.#finish('timeout');
      this.#timeout(`not signaled within ${String(timeoutMs)} ms; see what its producer waits for`);
    }, timeoutMs);
  }

  #listen(signal: AbortSignal): void {
    const abort = (): void => {
      this.#finish('aborted');
      this.#reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#unlisten = () => {
      signal.removeEventListener('abort', abort);
    };
    // Aborted by an exporter or a tracer that was told of the wait.
    if (signal.aborted) abort();
  }

  #timeout(why: string): void {
    this.#reject(new FenceError('ETIME', `${waiterName(this.#who)}: ${why}`));
  }

  /** The last one succeeded, and so did all before it. */
  #succeed(): void {
    this.#resolve(0);
    this.#end();
  }

  /** Settles if the fences have decided, leaves those that are pending; else its caller says why it is over. */
  #finish(outcome: WaitOutcome): void {
    this.#decide();
    this.#end();
    if (this.#pending === 0) return;
    for (const fence of this.#fences) if (detachWaiter(fence, this)) this.#leave(fence, outcome);
    for (const record of this.#crowded ?? []) {
      const fence = record._fence as Fence | undefined;
      if (fence === undefined) continue;
      record[Symbol.dispose]();
      this.#leave(fence, outcome);
    }
  }

  #end(): void {
    this.#over = this.#attentive = true;
    if (this.#timer !== undefined) platform.clearTimer(this.#timer);
    this.#unlisten?.();
  }

  #leave(fence: Fence, outcome: WaitOutcome): void {
    fence.context._backend?.waiting(fence, -1);
    this.#ends?.get(fence)?.(outcomeOf(fence, outcome));
    this.#ends?.delete(fence);
  }
}

function passOn(fence: DmaFence, { data }: FenceCallback<Waiter>): void {
  data._signaled(fence as Fence);
}

/** The failure that came first among fences that have failed. */
function firstFailure(fences: Iterable<Fence>): FenceError | undefined {
  let first: ReturnType<typeof failure>;
  for (const fence of fences) {
    const own = failure(fence);
    if (own !== undefined && (first === undefined || own.order < first.order)) first = own;
  }
  return first?.error;
}

/** How a wait ended for a fence: as the fence did, if it has; else as the wait did. */
function outcomeOf({ status }: Fence, outcome: WaitOutcome): WaitOutcome {
  return status === 'pending' ? outcome : status;
}
