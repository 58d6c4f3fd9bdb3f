import type { FenceCallback } from '../fence/callback.js';
import { attachCore, detachEntry } from '../fence/attachment.js';
import { Course } from './course.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { enable, ENABLED, FAILED, released, SIGNALED, type Fence } from '../fence/fence.js';
import { firstFailure } from '../fence/first-failure.js';
import { outcomeOf } from './fence-wait.js';
import type { Limits } from './limits.js';
import type { EndWait, WaitOutcome } from '../tracer/tracer.js';
import { tracers } from '../tracer/installed.js';
import { validator } from '../validator.js';

/**
 * Waits for several fences, after the arguments were checked.
 *
 * Takes no reference; whatever ends it, it leaves nothing on any fence. `flags` are those that any of the fences has. Resolves with the lowest signaled index.
 */
export function waitForSeveral(
  fences: readonly Fence[],
  flags: number,
  any: boolean,
  limits: Limits,
): Promise<number> {
  const result = new Promise<number>((resolve, reject) => {
    new SeveralWait(fences, flags, any, resolve, reject).begin(limits);
  });
  // A wait of no time never blocks anybody.
  return validator === undefined || limits.timeoutMs === 0 ? result : validator.wait(fences, result);
}

/**
 * A wait for several fences: one object hangs on all of them at once.
 *
 * It stands on a fence that has nothing else as its only callback. On the others a record of its own stands for it, to
 * be found again in O(1).
 */
class SeveralWait extends Course {
  readonly #fences: readonly Fence[];
  /** Nothing has to be looked at: none had signaled when the wait began, or all have succeeded. */
  #known: 'none' | 'all' | undefined;
  readonly #any: boolean;
  readonly #resolve: (index: number) => void;
  readonly reject: (reason: unknown) => void;
  /** How many fences it hangs on. */
  #pending = 0;
  /** Whether a fence that succeeds does more than to be counted. */
  #attentive: boolean;
  /** Somebody must hear of each fence that is left. */
  #watched = false;
  #crowded: FenceCallback<SeveralWait>[] | undefined = undefined;
  #ends: Map<Fence, EndWait> | undefined = undefined;

  constructor(
    fences: readonly Fence[],
    flags: number,
    any: boolean,
    resolve: (index: number) => void,
    reject: (reason: unknown) => void,
  ) {
    super();
    this.#fences = fences;
    this.#known = (flags & SIGNALED) === 0 ? 'none' : undefined;
    this.#any = this.#attentive = any;
    this.#resolve = resolve;
    this.reject = reject;
  }

  /** One of its fences has signaled. */
  _signaled(fence: Fence): void {
    if (this.#attentive || (fence._flags & FAILED) !== 0) this.#attend(fence);
    else if (--this.#pending === 0) this.#succeed();
  }

  #attend(fence: Fence): void {
    if (this.#watched) this.#leaveFence(fence, 'signaled');
    // Decided by a callback that ran before this one.
    if (this.stage === 'over') return;
    this.#pending--;
    if (this.#any || (fence._flags & FAILED) !== 0) this.end('aborted');
    else if (this.#pending === 0) this.#succeed();
  }

  /** The last one succeeded, and so did all before it. */
  #succeed(): void {
    this.#known = 'all';
    this.end('signaled');
  }

  /** The lowest index that has signaled, or the first error. */
  settle(): boolean {
    const known = this.#known;
    this.#known = undefined;
    if (known === 'none') return false;
    if (known === 'all') {
      this.#resolve(0);
      return true;
    }
    let index = 0;
    let pending = 0;
    for (const { _flags: flags } of this.#fences) {
      if ((flags & SIGNALED) === 0) pending++;
      else if (this.#any) {
        this.#resolve(index);
        return true;
      } else if ((flags & FAILED) !== 0) {
        this.reject(firstFailure(this.#fences)?.error);
        return true;
      }
      index++;
    }
    if (pending > 0) return false;
    this.#resolve(0);
    return true;
  }

  ask(): void {
    for (const fence of this.#fences) {
      if (!enable(fence) || tracers === undefined) continue;
      this.#ends ??= new Map();
      if (!this.#ends.has(fence)) this.#ends.set(fence, tracers.waitStart(fence));
    }
    for (const fence of this.#fences) if (!released(fence)) fence.poll();
  }

  /** Hangs it on all that are pending, after their exporters were asked to signal. */
  hang(): void {
    this.stage = 'hung';
    // One more than it hangs on, until it hangs on all: who is asked meanwhile may signal.
    this.#pending = 1;
    for (const fence of this.#fences) {
      const pending =
        ((fence._flags & (SIGNALED | ENABLED)) === ENABLED || enable(fence)) &&
        (tracers === undefined || this.#trace(fence));
      if (!pending && (this.#any || (fence._flags & FAILED) !== 0)) this.end('aborted');
      // Decided here, or by an exporter or a tracer that was asked: it hangs on nothing more.
      if (this.#isOver) {
        this.#untrace(fence, 'aborted');
        return;
      }
      if (!pending) continue;
      this.#pending++;
      if (fence._callbacksOrResult === undefined) fence._callbacksOrResult = this;
      else (this.#crowded ??= []).push(attachCore(fence, passOn, this as SeveralWait));
      if (fence.context._backend !== undefined) {
        this.#watched = this.#attentive = true;
        fence.context._backend.waiting(fence, 1);
      }
    }
    this.#pending--;
    if (this.#pending === 0) this.#succeed();
  }

  /** Asked as a property: it changes inside of what is called. */
  get #isOver(): boolean {
    return this.stage === 'over';
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

  /** Leaves those that are pending. */
  leave(outcome: WaitOutcome, hung: boolean): void {
    this.#attentive = true;
    if (!hung) {
      this.#ends?.forEach((end, fence) => {
        end(outcomeOf(fence, outcome));
      });
      return;
    }
    if (this.#pending === 0) return;
    for (const fence of this.#fences) if (detachEntry(fence, this)) this.#leaveFence(fence, outcome);
    for (const record of this.#crowded ?? []) {
      const fence = record._fence as Fence | undefined;
      if (fence === undefined) continue;
      record[Symbol.dispose]();
      this.#leaveFence(fence, outcome);
    }
  }

  #leaveFence(fence: Fence, outcome: WaitOutcome): void {
    fence.context._backend?.waiting(fence, -1);
    this.#untrace(fence, outcome);
  }

  #untrace(fence: Fence, outcome: WaitOutcome): void {
    this.#ends?.get(fence)?.(outcomeOf(fence, outcome));
    this.#ends?.delete(fence);
  }
}

function passOn(fence: DmaFence, { data }: FenceCallback<SeveralWait>): void {
  data._signaled(fence as Fence);
}
