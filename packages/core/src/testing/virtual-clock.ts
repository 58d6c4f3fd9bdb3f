import { checkOptions, describe, FenceError, invalid } from '../error.js';
import { platform } from '../platform.js';
import { replacePlatform } from '../replace-platform.js';
import { replaceGlobals } from './globals.js';
import { Alive, nextTurn } from './real-time.js';
import { Timer, TimerQueue } from './timer-queue.js';

/**
 * Options of a virtual clock.
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
  /** Its first time, in ms. Default: 0. */
  now?: number | undefined;
  /**
   * Whether `performance.now`, `setTimeout`, `setInterval` and their `clear…` use this clock in the whole program. Off by default:
   * then only core uses it.
   */
  globals?: boolean | undefined;
}

/**
 * A clock that stands still until you advance it. Timeouts, timestamps and ages use it, and tests do not sleep.
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
  /** Its time in ms: the `performance.now()` of core's timestamps and deadlines. */
  now(): number;
  /** The number of timers that are set. 0 at the end of a test means that no timer is left behind. */
  readonly timers: number;
  /**
   * Schedules `work` to run once, when the clock has advanced by `ms`.
   *
   * @returns a disposable that cancels it.
   * @throws FenceError `EINVAL` for a negative time or NaN.
   */
  after(ms: number, work: () => void): Disposable;
  /**
   * Advances the clock by `ms`. Timers on the way run in order, each at its time. The promises that a timer settles, and their
   * reactions, run before the next timer.
   *
   * @returns a promise that resolves when the clock has the new time. It rejects with an error thrown by a timer, and with `EINVAL`
   * for a negative time, NaN or `Infinity`.
   */
  advance(ms: number): Promise<void>;
  /** The same in one turn, for synchronous code. Promises settle only after it. Throws the errors with which `advance` rejects. */
  advanceSync(ms: number): void;
  /** Advances to the last timer, also to timers set on the way. Rejects with `ETIME` if they do not end. */
  runAll(): Promise<void>;
  /** Restores the real clock. Remaining timers never run. */
  [Symbol.dispose](): void;
}

/** So many timers in one `runAll` never end. */
const ENDLESS = 100_000;

/**
 * Replaces the real clock with a virtual one, for core, or with `globals` for the whole program.
 *
 * `SharedTimeline.waitSync` uses the real clock, because a blocked thread cannot advance a virtual one. `AbortSignal.timeout` uses
 * the real clock, too. Core also follows vitest's `vi.useFakeTimers()`. Use one or the other.
 *
 * @param options its first time, and who uses it.
 * @returns the clock. Dispose of it to restore the real one.
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
