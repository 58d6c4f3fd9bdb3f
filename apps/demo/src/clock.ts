/** Time as the demo sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds, on the scale of {@link monotonicNow}. */
  now(): number;
  /** Calls back once after `ms` milliseconds, unless disposed of before. */
  after(ms: number, run: () => void): Disposable;
}

/** Milliseconds on the machine's monotonic clock. All threads share it; `performance.now()` begins anew in each. */
export function monotonicNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The machine's clock. Its timers keep the process alive: a hung job must be dealt with. */
export const systemClock: Clock = {
  now: monotonicNow,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return {
      [Symbol.dispose]: () => {
        clearTimeout(timer);
      },
    };
  },
};
