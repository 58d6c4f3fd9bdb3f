import { vi, type MockInstance } from 'vitest';

/** What the package reads the time from: it holds it, as a global it would cost. */
const clock = performance;

let stopped: MockInstance<() => number> | undefined;

/** Time stands still until it is advanced by `vi.advanceTimersByTime`, for the package and for core. */
export function stopClock(...also: ('setTimeout' | 'clearTimeout')[]): void {
  vi.useFakeTimers({ toFake: ['performance', ...also] });
  stopped = vi.spyOn(clock, 'now').mockImplementation(() => performance.now());
}

/** Time passes by itself again. */
export function startClock(): void {
  stopped?.mockRestore();
  stopped = undefined;
  vi.useRealTimers();
}
