import type { FenceCallback } from '../fence/callback.js';
import { attachCore, detachWaiter } from '../fence/attachment.js';
import type { FenceError } from '../error.js';
import type { DmaFence } from '../fence/fence.js';
import { enable, ENABLED, FAILED, failure, released, SIGNALED, type Fence } from '../fence/fence-state.js';
import { outcomeOf } from './fence-wait.js';
import { late, limit, type Limits, type Who } from './limits.js';
import type { EndWait, WaitOutcome } from '../tracer/tracer.js';
import { tracers } from '../tracer/tracing.js';
import { validator } from '../validator.js';

/**
 * The common course of waits for several fences, after the arguments were checked.
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
  #unlimit: (() => void) | undefined = undefined;

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

  begin(flags: number, limits: Limits): void {
    const { timeoutMs, signal } = limits;
    if ((flags & SIGNALED) !== 0 && this.#decide()) return;
    if (signal?.aborted === true) {
      this.#reject(signal.reason);
      return;
    }
    if (timeoutMs === 0) {
      if (!this.#poll()) this.#reject(late(this.#who, limits));
      return;
    }
    this.#hang();
    if (this.#over || (timeoutMs === Infinity && signal === undefined)) return;
    const aborted = (): void => {
      this.#giveUp('aborted', signal?.reason);
    };
    this.#unlimit = limit(
      limits,
      () => {
        this.#giveUp('timeout', late(this.#who, limits));
      },
      aborted,
    );
    // Aborted by an exporter or a tracer that was told of the wait.
    if (limits.signal?.aborted === true) aborted();
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

  /** A wait of no time; answers whether the fences have decided. */
  #poll(): boolean {
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
    return decided;
  }

  /** Hangs it on all that are pending, after their exporters were asked to signal. */
  #hang(): void {
    // One more than it hangs on, until it hangs on all: who is asked meanwhile may signal.
    this.#pending = 1;
    for (const fence of this.#fences) {
      const pending =
        ((fence._flags & (SIGNALED | ENABLED)) === ENABLED || enable(fence)) &&
        (tracers === undefined || this.#trace(fence));
      if (!pending && (this.#any || (fence._flags & FAILED) !== 0) && !this.#over) this.#finish('aborted');
      // Decided here, or by an exporter or a tracer that was asked: it hangs on nothing more.
      if (this.#over) {
        this.#untrace(fence, 'aborted');
        return;
      }
      if (!pending) continue;
      this.#pending++;
      if (fence._callbacksOrResult === undefined) fence._callbacksOrResult = this;
      else (this.#crowded ??= []).push(attachCore(fence, passOn, this as Waiter));
      if (fence.context._backend !== undefined) {
        this.#watched = this.#attentive = true;
        fence.context._backend.waiting(fence, 1);
      }
    }
    this.#pending--;
    if (this.#pending === 0) this.#succeed();
  }

  /** Tells tracers that a fence is waited for; answers whether it still has to be: they may signal it. */
  #trace(fence: Fence): boolean {
    this.#watched = this.#attentive = true;
    this.#ends ??= new Map();
    const end = this.#ends.get(fence) ?? tracers?.waitStart(fence);
    if (end === undefined) return true;
    if (fence.signaled) end(outcomeOf(fence, 'signaled'));
    else this.#ends.set(fence, end);
    return !fence.signaled;
  }

  /** The last one succeeded, and so did all before it. */
  #succeed(): void {
    this.#resolve(0);
    this.#end();
  }

  #giveUp(outcome: WaitOutcome, reason: unknown): void {
    this.#finish(outcome);
    this.#reject(reason);
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
    this.#unlimit?.();
  }

  #leave(fence: Fence, outcome: WaitOutcome): void {
    fence.context._backend?.waiting(fence, -1);
    this.#untrace(fence, outcome);
  }

  #untrace(fence: Fence, outcome: WaitOutcome): void {
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
