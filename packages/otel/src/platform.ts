/** Held here: the global is an accessor on Node, and asked for at every fence. */
const clock = performance;

/** Milliseconds on the `performance.now()` clock: the one of core's timestamps and deadlines. */
export function now(): number {
  return clock.now();
}

/** The longest delay that `setTimeout` takes; above it fires at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** Runs `callback` after `ms` milliseconds, or earlier if that is too long for a timer; keeps no process alive. */
export function setTimer(callback: () => void, ms: number): unknown {
  const timer = setTimeout(callback, Math.min(Math.max(ms, 0), LONGEST_DELAY)) as
    { unref?: () => void } | number;
  if (typeof timer === 'object') timer.unref?.();
  return timer;
}

export function clearTimer(timer: unknown): void {
  clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
}
