import { coreCallback, type FenceCallback, type Waiter } from './callback.js';
import type { Backend } from './context.js';
import { FenceError } from './error.js';
import type { DmaFence } from './fence.js';
import { attach, detachFirst, failure, type Fence } from './fence-state.js';
import { platform } from './platform.js';
import { tracers, traceWaitEnd, type WaitOutcome, type Tokens } from './tracer.js';

/** Options after the check: what is asked of a wait. */
export interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Who waits, for error messages: a function of ours, or the fence whose `wait()` it is. A name costs more than a wait. */
export type Who = string | Fence;

export function nameOf(who: Who): string {
  return typeof who === 'string' ? who : `fence ${who.name}: wait()`;
}

/** What a wait has come to: the lowest index that has signaled, or an error. */
export type Verdict = { readonly index: number } | { readonly error: FenceError };

/** What a wait for these fences has come to by now; undefined when it must go on. */
export function verdictOn(fences: readonly Fence[], any: boolean): Verdict | undefined {
  if (any) {
    const index = fences.findIndex((fence) => fence.signaled);
    return index < 0 ? undefined : { index };
  }
  const error = firstFailure(fences);
  if (error !== undefined) return { error };
  return fences.every((fence) => fence.signaled) ? { index: 0 } : undefined;
}

/** The failure that came first among fences that have failed. */
export function firstFailure(fences: Iterable<Fence>): FenceError | undefined {
  let first: ReturnType<typeof failure>;
  for (const fence of fences) {
    const own = failure(fence);
    if (own !== undefined && (first === undefined || own.order < first.order)) first = own;
  }
  return first?.error;
}

/** One wait for one or many fences. Takes no reference; whatever ends it, it leaves nothing on any fence. */
export class Wait implements Waiter {
  readonly #fences: readonly Fence[];
  readonly #any: boolean;
  readonly #resolve: (index: number) => void;
  readonly #reject: (reason: unknown) => void;
  /** How many of them must signal yet. */
  #left = 0;
  #over = false;
  /** One record for each fence that already had a callback; on the others the wait hangs itself, see `detachFirst`. */
  #records: FenceCallback<Wait>[] | undefined = undefined;
  /** What tracers want back for each fence that is still waited for. */
  #tokens: Map<Fence, Tokens> | undefined = undefined;
  /** Fences whose backend was told of this wait, and how often. */
  #held: Map<Fence, number> | undefined = undefined;
  #timer: unknown = undefined;
  #signal: AbortSignal | undefined = undefined;
  #onAbort: (() => void) | undefined = undefined;

  constructor(
    fences: readonly Fence[],
    any: boolean,
    resolve: (index: number) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#fences = fences;
    this.#any = any;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Hangs itself on every fence that is pending; they are enabled. */
  start(who: Who, { timeoutMs, signal }: Limits): void {
    if (tracers !== undefined) this.#traceStart();
    for (const fence of this.#fences) {
      if (fence.signaled) continue;
      this.#left++;
      if (fence._callbacks === undefined) {
        attach(fence, this);
      } else {
        const record = coreCallback(notifyWait, this as Wait);
        record._fence = fence;
        attach(fence, record);
        (this.#records ??= []).push(record);
      }
      if (fence.context._backend !== undefined) this.#hold(fence, fence.context._backend);
    }
    if (timeoutMs !== Infinity) {
      this.#timer = platform.setTimer(() => {
        this.#giveUp(
          'timeout',
          new FenceError(
            'ETIME',
            `${nameOf(who)}: not signaled within ${String(timeoutMs)} ms; wait longer, or see what its producer waits for`,
          ),
        );
      }, timeoutMs);
    }
    if (signal !== undefined) {
      this.#signal = signal;
      this.#onAbort = () => {
        this.#giveUp('aborted', signal.reason);
      };
      signal.addEventListener('abort', this.#onAbort, { once: true });
    }
  }

  /** One of the fences has signaled. */
  notify(fence: DmaFence): void {
    // Ended by a callback that ran before this one on the same fence.
    if (this.#over) return;
    const one = fence as Fence;
    if (this.#held !== undefined) this.#letGo(one);
    if (this.#tokens !== undefined) this.#traceEnd(one, 'signaled');
    if (this.#any) {
      this.#end('aborted', one);
      this.#resolve(this.#fences.findIndex((other) => other.signaled));
    } else if (one.error !== undefined) {
      this.#end('aborted', one);
      // Another one may have failed before it, whose callbacks have not come to this wait yet.
      this.#reject(firstFailure(this.#fences));
    } else if (--this.#left === 0) {
      this.#end('aborted', one);
      this.#resolve(0);
    }
  }

  /** Time is up, or the caller left; unless the fences have decided and just not told yet. */
  #giveUp(outcome: WaitOutcome, reason: unknown): void {
    const verdict = verdictOn(this.#fences, this.#any);
    this.#end(outcome, undefined);
    if (verdict === undefined) this.#reject(reason);
    else if ('error' in verdict) this.#reject(verdict.error);
    else this.#resolve(verdict.index);
  }

  /** Lets go of everything; `outcome` is what the fences that are still pending are told of. */
  #end(outcome: WaitOutcome, by: Fence | undefined): void {
    this.#over = true;
    if (this.#timer !== undefined) platform.clearTimer(this.#timer);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
    if (this.#left > 1 || by === undefined || this.#any) {
      for (const fence of this.#fences) {
        if (fence === by || fence.signaled) continue;
        detachFirst(fence, this);
      }
      if (this.#records !== undefined) for (const record of this.#records) record[Symbol.dispose]();
    }
    if (this.#held !== undefined) for (const fence of this.#held.keys()) this.#letGo(fence);
    if (this.#tokens !== undefined) for (const fence of this.#tokens.keys()) this.#traceEnd(fence, outcome);
  }

  #hold(fence: Fence, backend: Backend): void {
    const held = (this.#held ??= new Map<Fence, number>());
    held.set(fence, (held.get(fence) ?? 0) + 1);
    backend.waiting(fence, 1);
  }

  #letGo(fence: Fence): void {
    for (let times = this.#held?.get(fence) ?? 0; times > 0; times--)
      fence.context._backend?.waiting(fence, -1);
    this.#held?.delete(fence);
  }

  #traceStart(): void {
    const tokens = (this.#tokens = new Map<Fence, Tokens>());
    for (const fence of this.#fences) {
      if (!fence.signaled && !tokens.has(fence) && tracers !== undefined)
        tokens.set(fence, tracers.waitStart(fence));
    }
  }

  #traceEnd(fence: Fence, outcome: WaitOutcome): void {
    const tokens = this.#tokens?.get(fence);
    if (tokens === undefined) return;
    this.#tokens?.delete(fence);
    traceWaitEnd(fence, tokens, fence.signaled ? (fence.status as 'signaled' | 'failed') : outcome);
  }
}

function notifyWait(fence: DmaFence, { data }: FenceCallback<Wait>): void {
  data.notify(fence);
}
