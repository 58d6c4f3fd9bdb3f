import type { HrTime } from '@opentelemetry/api';

// One anchor for the whole process, threads included (they share the time origin): start, events and end of every span
// are counted from it. An SDK left to itself stamps whole milliseconds, and spans come out in the wrong order.
const { timeOrigin } = performance;
const originSeconds = Math.floor(timeOrigin / 1000);
const originNanoseconds = Math.round((timeOrigin - originSeconds * 1000) * 1e6);

/** The wall clock time of a moment on the `performance.now()` clock, as `[seconds, nanoseconds]`. */
export function hrTime(ms: number): HrTime {
  const nanoseconds = originNanoseconds + ms * 1e6;
  const seconds = Math.floor(nanoseconds / 1e9);
  return [originSeconds + seconds, Math.floor(nanoseconds - seconds * 1e9)];
}
