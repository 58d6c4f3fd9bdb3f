import { checkOptions, describe, FenceError, invalid } from '../error.js';
import { platform } from '../platform.js';
import { replacePlatform } from '../replace-platform.js';
import { replaceGlobals } from './globals.js';
import { Alive, nextTurn } from './real-time.js';
import { Timer, TimerQueue } from './timer-queue.js';

/**
 * Where a virtual clock begins, and whose clock it is.
 *
 * @example Code that uses setTimeout itself
 * ```ts
 * import { virtualClock, type VirtualClockOptions } from '@dma-fence/core/testing';
 *
 * const whole: VirtualClockOptions = { globals: true };
 * using clock = virtualClock(whole);
 * setTimeout(() => undefined, 1000);
 * clock.timers; // 1
 * ```
 */
export interface VirtualClockOptions {
  /** What it shows first, in ms; 0 by default. */
  now?: number | undefined;
  /**
   * Whether `performance.now`, `setTimeout`, `setInterval` and their `clear…` of the whole program run on it too; off by
   * default, then only core does.
   */
  globals?: boolean | undefined;
}

/**
 * A clock that stands still until it is advanced: timeouts, timestamps and ages run on it, and nothing sleeps.
 *
 * @example A hardware that takes ten milliseconds
 * ```ts
 * import { fenceFactory, virtualClock, type VirtualClock } from '@dma-fence/core/testing';
 *
 * using clock: VirtualClock = virtualClock();
 * using fences = fenceFactory({ timestamps: true });
 * const fence = fences.create();
 * clock.after(10, () => fence.signal());
 * await clock.advance(16);
 * fence.timestamp; // 10
 * ```
 */
export interface VirtualClock extends Disposable {
  /** What it shows, in ms: the `performance.now()` of core's timestamps and deadlines. */
  now(): number;
  /** How many timers are set: 0 at the end of a test says that nobody left one behind. */
  readonly timers: number;
  /**
   * Schedules `work`: it runs once, when the clock has moved on by `ms`.
   *
   * @returns a disposable that takes it back.
   * @throws FenceError `EINVAL` for a negative time or NaN.
   */
  after(ms: number, work: () => void): Disposable;
  /**
   * Moves on by `ms`: what is due on the way runs in order, each at its time, and after each everything that it decides
   * (promises, and what they do) happens before the next.
   *
   * @returns a promise that resolves when the clock shows the new time; rejects with what a timer threw, and with `EINVAL` for a
   * negative time, NaN or `Infinity`.
   */
  advance(ms: number): Promise<void>;
  /** The same in one turn, for code that is synchronous: promises settle only after it. Throws what `advance` rejects with. */
  advanceSync(ms: number): void;
  /** Moves on to the last timer, those set on the way included; rejects with `ETIME` when there is no end to them. */
  runAll(): Promise<void>;
  /** Gives the real clock back; timers that are left never run. */
  [Symbol.dispose](): void;
}

/** So many timers in one `runAll` never end. */
const ENDLESS = 100_000;

/**
 * Puts a virtual clock in the place of the real one, for core or, with `globals`, for the whole program.
 *
 * `SharedTimeline.waitSync` blocks the thread, which then can turn no clock: it blocks by the real one. So does
 * `AbortSignal.timeout`. With vitest's `vi.useFakeTimers()` core follows that clock; use one or the other.
 *
 * @param options where it begins, and whose it is.
 * @returns the clock; disposing it gives the real one back.
 * @throws FenceError `EINVAL` for bad options.
 *
 * @example A timeout without waiting for it
 * ```ts
 * import type { FenceError } from '@dma-fence/core';
 * import { fenceFactory, virtualClock } from '@dma-fence/core/testing';
 *
 * using clock = virtualClock();
 * using fences = fenceFactory();
 * const late = fences.create().wait({ timeoutMs: 5000 }).catch((error: FenceError) => error.code);
 * await clock.advance(5000);
 * await late; // 'ETIME'
 * ```
 */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  checkOptions('virtualClock()', options, ['now', 'globals']);
  const { now = 0, globals = false } = options;
  if (!Number.isFinite(now)) throw invalid(`virtualClock(): now must be ms, not ${describe(now)}`);
  if (typeof globals !== 'boolean') {
    throw invalid(`virtualClock(): globals must be true or false, not ${describe(globals)}`);
  }
  return new Clock(now, globals);
}

class Clock implements VirtualClock {
  readonly #queue = new TimerQueue();
  readonly #undo: Disposable[] = [];
  #now: number;

  constructor(now: number, globals: boolean) {
    this.#now = now;
    const read = (): number => this.#now;
    const set: typeof platform.setTimer = (callback, ms, purpose) =>
      // Not a time, but a reason for the process to stay: that needs a real timer.
      purpose === 'alive' ? new Alive() : this.#queue.add(this.#now + ms, callback);
    const real = { ...platform };
    const clearTimer = (timer: unknown): void => {
      // One that was set before is still the real clock's.
      if (timer instanceof Timer || timer instanceof Alive) timer.cancel();
      else real.clearTimer(timer);
    };
    this.#undo.push(replacePlatform({ now: read, setTimer: set, clearTimer }));
    if (globals) this.#undo.push(replaceGlobals({ now: read, queue: this.#queue }));
  }

  now(): number {
    return this.#now;
  }

  get timers(): number {
    return this.#queue.size;
  }

  after(ms: number, work: () => void): Disposable {
    if (typeof work !== 'function')
      throw invalid(`clock.after(): work must be a function, not ${describe(work)}`);
    const timer = this.#queue.add(this.#end('after', ms), work);
    return {
      [Symbol.dispose]() {
        timer.cancel();
      },
    };
  }

  async advance(ms: number): Promise<void> {
    const end = this.#end('advance', ms);
    // What was begun before may yet have to set its timers.
    await nextTurn();
    while (this.#runNext(end)) await nextTurn();
    this.#now = Math.max(this.#now, end);
  }

  advanceSync(ms: number): void {
    const end = this.#end('advanceSync', ms);
    while (this.#runNext(end));
    this.#now = Math.max(this.#now, end);
  }

  async runAll(): Promise<void> {
    await nextTurn();
    for (let count = 0; this.#runNext(Infinity); count++) {
      if (count === ENDLESS) {
        throw new FenceError(
          'ETIME',
          `clock.runAll(): ${String(ENDLESS)} timers ran and there are more, so there is no end to them; advance() by a time`,
        );
      }
      await nextTurn();
    }
  }

  [Symbol.dispose](): void {
    for (const undo of this.#undo.splice(0)) undo[Symbol.dispose]();
    this.#queue.clear();
  }

  #end(call: string, ms: number): number {
    if (!Number.isFinite(ms) || ms < 0) {
      throw invalid(`clock.${call}() takes a number of ms from 0, not ${describe(ms)}`);
    }
    return this.#now + ms;
  }

  /** Runs what is due next, if that is by `end`. */
  #runNext(end: number): boolean {
    const timer = this.#queue.takeUntil(end);
    if (timer === undefined) return false;
    // One that was set for the past runs now: time does not go back.
    this.#now = Math.max(this.#now, timer.at);
    timer.run();
    return true;
  }
}
