import { onAbort, type Abortable } from './abort-watch.js';
import { UNLIMITED, type Limits } from './limits.js';
import { FenceError } from '../error.js';
import { platform } from '../platform.js';
import type { WaitOutcome } from '../tracer/tracer.js';
import { nameOfWho } from './who.js';

/** How far a wait is. */
type Stage = 'begun' | 'hung' | 'over';

/**
 * The course of every wait, whatever it waits for. Each step may run foreign code, which may end the wait:
 *
 * 1. Settle, if it is decided already: then neither time nor abort count.
 * 2. Reject, if it is aborted already.
 * 3. Without time, ask whoever may know, and end.
 * 4. Hang on what decides, then begin to listen for time and abort.
 * 5. End, exactly once: with the decision, if there is one by then; leave nothing behind.
 */
export abstract class Course implements Abortable {
  // Declared, and few: a pending wait is a promise and this object.

  declare stage: Stage;
  /** Takes back timer and listener, once there are any. */
  declare unlimit: (() => void) | undefined;

  constructor() {
    this.stage = 'begun';
    this.unlimit = undefined;
  }

  /** Settles the promise if the wait is decided; returns whether it is. */
  abstract settle(): boolean;
  abstract reject(reason: unknown): void;
  /** A wait of no time: asks. */
  abstract ask(): void;
  /** Hangs the wait on what decides, and sets its stage; `limited`: it may have to be taken off again. May end it. */
  abstract hang(limited: boolean): void;
  /** Takes it off whatever it still hangs on, if it was `hung`, and tells whoever looked on. */
  abstract leave(outcome: WaitOutcome, hung: boolean): void;

  begin(limits: Limits): void {
    const { timeoutMs, signal } = limits;
    if (this.settle()) {
      this.stage = 'over';
      this.leave('signaled', false);
    } else if (signal?.aborted === true) this.abort(signal.reason);
    else if (timeoutMs === 0) {
      this.ask();
      this.end('timeout', limits);
    } else {
      this.hang(limits !== UNLIMITED);
      if (limits !== UNLIMITED && this.stage !== 'over') this.#limit(limits);
    }
  }

  /** Why it is given up when its time is over. */
  late({ who, timeoutMs }: Limits): FenceError {
    const why =
      timeoutMs === 0
        ? 'not signaled now; to wait, give it more than 0 ms'
        : `not signaled within ${String(timeoutMs)} ms; see what its producer waits for`;
    return new FenceError('ETIME', `${nameOfWho(who)}: ${why}`);
  }

  abort(reason: unknown): void {
    this.end('aborted', reason);
  }

  /** Ends it, once: with the decision, else as too late by its limits, or with `reason`. */
  end(outcome: WaitOutcome, reason?: unknown): void {
    const { stage } = this;
    if (stage === 'over') return;
    this.stage = 'over';
    const decided = this.settle();
    try {
      this.unlimit?.();
    } finally {
      this.leave(decided && outcome === 'timeout' ? 'aborted' : outcome, stage === 'hung');
      if (!decided) this.reject(outcome === 'timeout' ? this.late(reason as Limits) : reason);
    }
  }

  #limit(limits: Limits): void {
    const { timeoutMs, signal } = limits;
    const late = (): void => {
      this.end('timeout', limits);
    };
    const timer = timeoutMs === Infinity ? undefined : platform.setTimer(late, timeoutMs);
    const unlimit = (this.unlimit = () => {
      if (timer !== undefined) platform.clearTimer(timer);
    });
    if (signal === undefined) return;
    try {
      const unwatch = onAbort(signal, this);
      this.unlimit = () => {
        unlimit();
        unwatch();
      };
      // Aborted by whoever was told of the wait.
      if (signal.aborted) this.abort(signal.reason);
    } catch (error) {
      this.abort(error);
    }
  }
}
