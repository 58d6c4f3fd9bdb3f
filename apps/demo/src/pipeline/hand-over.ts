import type { Owned } from '@dma-fence/core';
import type { Engine } from '../engine/engine.js';
import type { JobRequest } from '../engine/job.js';
import { allocateSurface, type Size } from '../picture/surface.js';
import { workOf } from './work.js';

/** How long it took from the end of a job on one engine to the start of the next one on the other. Milliseconds. */
export interface HandOverTimes {
  readonly median: number;
  /** One in twenty took longer. */
  readonly p95: number;
}

/** The same dependencies, handed over in two ways. */
export interface HandOver {
  readonly count: number;
  /** The engine tells the main thread, which then tells the other engine. */
  readonly byMessage: HandOverTimes;
  /** The other engine waits for the first one's timeline itself. */
  readonly byTimeline: HandOverTimes;
  /** Whether the two can be compared: times that lie far apart were made by the scheduler, not by the hand-over. */
  readonly measurable: boolean;
}

/** Enough rows to keep an engine busy for as long as the other needs to come to its wait: what is measured is the hand-over. */
const BRICK: Size = { width: 1280, height: 16 };
const HAND_OVERS = 100;
/** A twentieth that takes longer than this many medians is other people's work. */
const MOST_SPREAD = 10;
/** Of each kind, not counted. */
const WARM_UP = 20;

/** Lets two engines do jobs in turn, each of which waits for the one before: first through the main thread, then without it. */
export async function measureHandOver(engines: readonly [Engine, Engine]): Promise<HandOver> {
  const pixels = allocateSurface(BRICK.width * BRICK.height);
  const band = { top: 0, bottom: BRICK.height };
  const work = { pass: 0, pixels, size: BRICK, band, mischief: undefined };
  const request = (submission: number): JobRequest => ({
    label: 'brick',
    frame: 0,
    work,
    submission,
    hangMs: 60_000,
  });

  const told: Owned[] = [];
  for (let turn = 0; turn <= WARM_UP + HAND_OVERS; turn += 1)
    await new Promise<void>((resolve) => {
      told.push(engines[turn % 2 === 0 ? 0 : 1].submit({ ...request(-1), onMessage: resolve }, {}));
    });

  const chained: Owned[] = [];
  for (let turn = 0; turn <= WARM_UP + HAND_OVERS; turn += 1)
    chained.push(engines[turn % 2 === 0 ? 0 : 1].submit(request(-2), { data: chained.at(-1) }));
  await chained.at(-1)?.wait();

  const [byMessage, byTimeline] = [timesOf(told), timesOf(chained)];
  const measurable = [byMessage, byTimeline].every(({ median, p95 }) => p95 <= median * MOST_SPREAD);
  const measured = { count: HAND_OVERS, byMessage, byTimeline, measurable };
  for (const fence of [...told, ...chained]) fence.put();
  return measured;
}

function timesOf(fences: readonly Owned[]): HandOverTimes {
  const works = fences.map(workOf);
  const gaps = works
    .slice(1)
    .map((next, index) => (next?.startedAt ?? NaN) - (works[index]?.endedAt ?? NaN))
    .slice(WARM_UP)
    .sort((a, b) => a - b);
  const at = (share: number): number => gaps[Math.floor(gaps.length * share)] ?? NaN;
  return { median: at(0.5), p95: at(0.95) };
}
