import { platform } from '../platform.js';

/**
 * Core's clock: milliseconds on the `performance.now()` clock, or what a virtual clock of `/testing` shows.
 *
 * @returns the time of timestamps and deadlines.
 *
 * @example How long something took
 * ```ts
 * import { now } from '@dma-fence/core/producer';
 *
 * const began = now();
 * const took = now() - began;
 * ```
 */
export function now(): number {
  return platform.now();
}

/**
 * Sets one of core's timers: it runs once, keeps the process alive until then, and follows a virtual clock of `/testing`.
 *
 * @param callback called without arguments.
 * @param ms milliseconds from now; more than 2^31 works too.
 * @returns a disposable that takes the timer back, any number of times.
 *
 * @example A watchdog
 * ```ts
 * import { setTimer } from '@dma-fence/core/producer';
 *
 * const watchdog = setTimer(() => console.warn('the device hangs'), 5000);
 * watchdog[Symbol.dispose]();
 * ```
 */
export function setTimer(callback: () => void, ms: number): Disposable {
  const timer = platform.setTimer(callback, ms);
  return {
    [Symbol.dispose]() {
      platform.clearTimer(timer);
    },
  };
}
