/** Time as the demo sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds on the `performance.now()` scale of the main thread. */
  now(): number;
  /** Calls back once after `ms` milliseconds, unless disposed of before. */
  after(ms: number, run: () => void): Disposable;
}

/** The machine's clock. Its timers keep the process alive: a hung job must be dealt with. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return {
      [Symbol.dispose]: () => {
        clearTimeout(timer);
      },
    };
  },
};
