import type { TimelineData } from '../../src/page/data.ts';
import { seededRandom } from '../../src/random.ts';

/** A fence for a made-up recording; times are milliseconds. */
export interface MadeFence {
  readonly lane?: number;
  readonly label?: string;
  readonly queued: number;
  readonly started?: number | null;
  readonly ended?: number | null;
  readonly signaled?: number | null;
  readonly error?: string;
  readonly dependsOn?: readonly number[];
}

/** A recording put together by hand. */
export function recordingOf(
  fences: readonly MadeFence[],
  waits: readonly (readonly [fence: number, start: number, end: number | null])[] = [],
): TimelineData {
  const lanes = Math.max(...fences.map(({ lane = 0 }) => lane), 0) + 1;
  return {
    title: 'made up',
    durationMs: 100,
    dropped: 0,
    lanes: Array.from({ length: lanes }, (_, lane) => `lane-${String(lane)}`),
    fences: {
      name: fences.map(({ lane = 0 }, number) => `test:lane-${String(lane)}:1:${String(number)}`),
      label: fences.map(({ label }, number) => label ?? `work ${String(number)}`),
      lane: fences.map(({ lane = 0 }) => lane),
      frame: fences.map((_, number) => number),
      queued: fences.map(({ queued }) => queued),
      started: fences.map(({ started = null }) => started),
      ended: fences.map(({ ended = null }) => ended),
      signaled: fences.map(({ signaled = null }) => signaled),
      error: fences.map(({ error = null }) => error),
      dependsOn: fences.map(({ dependsOn = [] }) => dependsOn),
    },
    waits: {
      fence: waits.map(([fence]) => fence),
      start: waits.map(([, start]) => start),
      end: waits.map(([, , end]) => end),
      outcome: waits.map(([, , end]) => (end === null ? null : 'signaled')),
    },
  };
}

/** A recording of many fences, as a long run on busy engines leaves it. */
export function largeRecording(count: number, lanes = 8): TimelineData {
  const random = seededRandom(count);
  const clocks = new Float64Array(lanes);
  const fences: MadeFence[] = [];
  for (let number = 0; number < count; number += 1) {
    const lane = number % lanes;
    const started = (clocks[lane] ?? 0) + random() * 2;
    const ended = started + 0.2 + random() * 6;
    clocks[lane] = ended;
    fences.push({
      lane,
      label: `picture-${String(Math.floor(number / 40))} work ${String(number % 40)}`,
      queued: Math.max(0, started - random() * 30),
      started,
      ended,
      signaled: ended + 0.05,
      ...(random() < 0.01 && { error: 'EIO: it threw' }),
      dependsOn: number < lanes ? [] : [number - lanes, number - 1],
    });
  }
  return { ...recordingOf(fences), durationMs: Math.max(...clocks) + 1 };
}
