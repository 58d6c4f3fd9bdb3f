import type { TimelineData } from '#page/data.js';

/** A submit as the page saw it. */
export interface Submit {
  readonly name: string;
  readonly number: number;
  readonly submitted: number;
  ended: number | null;
  error: string | null;
}

/** The submits of the last while, as the timeline picture wants them. */
export function pictureOf(submits: readonly Submit[], now: number, ms: number): TimelineData {
  const begin = now - ms;
  const shown = submits.filter(({ ended }) => ended === null || ended > begin);
  const at = (time: number): number => Math.max(0, time - begin);
  return {
    title: 'gpu',
    durationMs: ms,
    lanes: ['gpu'],
    dropped: 0,
    fences: {
      name: shown.map(({ name }) => name),
      // In bars as thin as these may get, words would lie over each other.
      label: shown.map(() => ''),
      lane: shown.map(() => 0),
      frame: shown.map(({ number }) => number),
      queued: shown.map(({ submitted }) => at(submitted)),
      started: shown.map(({ submitted }) => at(submitted)),
      ended: shown.map(({ ended }) => (ended === null ? null : at(ended))),
      signaled: shown.map(({ ended }) => (ended === null ? null : at(ended))),
      error: shown.map(({ error }) => error),
      dependsOn: shown.map(() => []),
    },
    waits: { fence: [], start: [], end: [], outcome: [] },
  };
}
