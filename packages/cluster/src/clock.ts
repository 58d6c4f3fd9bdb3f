/** Everything that has to do with time or the outside passes through here. */

/** Milliseconds on the `performance.now()` clock. */
export function now(): number {
  return performance.now();
}

/** What we use of Node's timers; those of browsers are numbers. */
interface CountingTimer {
  ref?(): void;
  unref?(): void;
}

/** Runs `callback` after `ms` milliseconds. It keeps the process alive only if `alive` says so. */
export function setTimer(callback: () => void, ms: number, alive = false): unknown {
  const timer = setTimeout(callback, ms);
  if (!alive) holdProcess(timer, false);
  return timer;
}

/** Whether a timer keeps the process alive. */
export function holdProcess(timer: unknown, alive: boolean): void {
  if (typeof timer !== 'object' || timer === null) return;
  if (alive) (timer as CountingTimer).ref?.();
  else (timer as CountingTimer).unref?.();
}

export function clearTimer(timer: unknown): void {
  clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
}

/** Resolves after `ms` milliseconds; the process stays until then. */
export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimer(resolve, ms, true);
  });
}

/** A name that nobody else has: 128 random bits. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
