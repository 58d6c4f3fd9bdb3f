/** What core needs from the world around it; everything that has to do with time or the outside passes through here. */
export interface Platform {
  /** Milliseconds on the `performance.now()` clock. */
  now(): number;
  /**
   * Runs `callback` once after `ms` milliseconds and keeps the process alive until then.
   *
   * @param purpose `background`: the process need not stay for it. `alive`: it is there for nothing else, see `KeepAlive`; it has a
   * `handle` that may be told whether it counts, and no clock but the real one can do it.
   */
  setTimer(callback: () => void, ms: number, purpose?: 'background' | 'alive'): unknown;
  clearTimer(timer: unknown): void;
  /** Hands over an error that nobody catches. */
  report(error: unknown): void;
  /** Tells the developer something. */
  warn(message: string): void;
}

/** The longest delay that `setTimeout` takes; above it fires at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** A timer that may outlive `LONGEST_DELAY`: it is set again until its time has come. */
export interface LongTimer {
  handle: unknown;
}

function arm(timer: LongTimer, callback: () => void, ms: number): void {
  timer.handle =
    ms <= LONGEST_DELAY
      ? setTimeout(callback, ms)
      : setTimeout(() => {
          arm(timer, callback, ms - LONGEST_DELAY);
        }, LONGEST_DELAY);
}

/** An uncaught exception, once the current work is done. */
function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** The platform in use. */
export const platform: Platform = {
  now: () => performance.now(),
  setTimer(callback, ms, purpose) {
    const timer: LongTimer = { handle: undefined };
    arm(timer, callback, ms);
    // Timers of browsers are numbers, and keep nothing alive.
    if (purpose === 'background') (timer.handle as { unref?(): void }).unref?.();
    return timer;
  },
  clearTimer(timer) {
    clearTimeout((timer as LongTimer).handle as Parameters<typeof clearTimeout>[0]);
  },
  report(error) {
    // No Node release has `reportError`; one that somebody has put there may throw, which must not come back to whoever signals.
    const { reportError = throwLater } = globalThis as { reportError?: (error: unknown) => void };
    try {
      reportError(error);
    } catch (thrown) {
      throwLater(thrown);
    }
  },
  warn(message) {
    console.warn(message);
  },
};
