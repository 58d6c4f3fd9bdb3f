import {
  addFenceTracer,
  peekFences,
  type DmaFence,
  type FenceError,
  type FenceTracer,
} from '@dma-fence/core';
import { monotonicNow } from '../clock.js';
import type { TimelineData } from '../page/data.js';
import { workOf, type WorkRecord } from '../pipeline/work.js';

/** Everything about one fence that the tracer was told. */
interface Entry {
  readonly number: number;
  readonly name: string;
  readonly lane: string;
  readonly work: WorkRecord;
  readonly dependsOn: Set<number>;
  signaledAt: number | undefined;
  error: string | null;
}

interface Wait {
  readonly fence: number;
  readonly startAt: number;
  endAt: number | undefined;
  outcome: string | null;
}

/** So many fences are recorded; a run that has more is told from its beginning. */
const MOST_FENCES = 100_000;

/** Where a lane belongs on the page, by the beginning of its name. */
const LANE_ORDER = ['display', 'engine', 'upload', 'readback'];

/**
 * Records what becomes of every fence that stands for a piece of work ({@link workOf}),
 * from the moment it is made until it is disposed of.
 */
export class FenceRecorder implements FenceTracer, Disposable {
  readonly #beganAt: number;
  readonly #now: () => number;
  readonly #entries: Entry[] = [];
  readonly #waits: Wait[] = [];
  /** Numbers of fences that still exist. */
  readonly #numbers = new Map<DmaFence, number>();
  readonly #registration: Disposable;
  #dropped = 0;

  /** @param now - a clock on the scale of {@link monotonicNow} */
  constructor(now: () => number = monotonicNow) {
    this.#now = now;
    this.#beganAt = now();
    this.#registration = addFenceTracer(this);
  }

  init(fence: DmaFence): void {
    const work = workOf(fence);
    if (work === undefined) return;
    const number = this.#entries.length;
    if (number >= MOST_FENCES) {
      this.#dropped += 1;
      return;
    }
    this.#numbers.set(fence, number);
    this.#entries.push({
      number,
      name: fence.name,
      lane: fence.context.timelineName,
      work,
      dependsOn: new Set(),
      signaledAt: undefined,
      error: null,
    });
  }

  dependency(fence: DmaFence, on: DmaFence): void {
    const entry = this.#entryOf(fence);
    if (entry === undefined) return;
    for (const leaf of peekFences(on)) {
      const number = this.#numbers.get(leaf);
      if (number !== undefined) entry.dependsOn.add(number);
    }
  }

  signaled(fence: DmaFence): void {
    const entry = this.#entryOf(fence);
    if (entry === undefined) return;
    entry.signaledAt = this.#now();
    if (fence.error !== undefined) entry.error = reasonOf(fence.error);
  }

  waitStart(fence: DmaFence): Wait | undefined {
    const entry = this.#entryOf(fence);
    if (entry === undefined) return undefined;
    const wait: Wait = { fence: entry.number, startAt: this.#now(), endAt: undefined, outcome: null };
    this.#waits.push(wait);
    return wait;
  }

  waitEnd(_fence: DmaFence, token: unknown, outcome: string): void {
    if (token === undefined) return;
    const wait = token as Wait;
    wait.endAt = this.#now();
    wait.outcome = outcome;
  }

  destroy(fence: DmaFence): void {
    this.#numbers.delete(fence);
  }

  /** Stops recording. */
  [Symbol.dispose](): void {
    this.#registration[Symbol.dispose]();
    this.#numbers.clear();
  }

  /**
   * What has been recorded until now.
   *
   * @param title - what the run was, for people
   */
  data(title: string): TimelineData {
    const lanes = [...new Set(this.#entries.map(({ lane }) => lane))].sort(byPlace);
    const laneNumbers = new Map(lanes.map((lane, index) => [lane, index]));
    const entries = this.#entries;
    return {
      title,
      durationMs: this.#at(this.#now()),
      lanes,
      dropped: this.#dropped,
      fences: {
        name: entries.map(({ name }) => name),
        label: entries.map(({ work }) => work.label),
        lane: entries.map(({ lane }) => laneNumbers.get(lane) ?? 0),
        frame: entries.map(({ work }) => work.frame),
        queued: entries.map(({ work }) => this.#at(work.queuedAt)),
        started: entries.map(({ work }) => this.#atOrNull(work.startedAt)),
        ended: entries.map(({ work }) => this.#atOrNull(work.endedAt)),
        signaled: entries.map(({ signaledAt }) => this.#atOrNull(signaledAt)),
        error: entries.map(({ error }) => error),
        dependsOn: entries.map(({ dependsOn }) => [...dependsOn]),
      },
      waits: {
        fence: this.#waits.map(({ fence }) => fence),
        start: this.#waits.map(({ startAt }) => this.#at(startAt)),
        end: this.#waits.map(({ endAt }) => this.#atOrNull(endAt)),
        outcome: this.#waits.map(({ outcome }) => outcome),
      },
    };
  }

  #entryOf(fence: DmaFence): Entry | undefined {
    const number = this.#numbers.get(fence);
    return number === undefined ? undefined : this.#entries[number];
  }

  #at(time: number): number {
    return Math.max(0, Math.round((time - this.#beganAt) * 1000) / 1000);
  }

  #atOrNull(time: number | undefined): number | null {
    return time === undefined ? null : this.#at(time);
  }
}

/** The code and why, each once: a fence that failed with nothing but a code says at its end what the code means. */
function reasonOf({ code, message }: FenceError): string {
  const bare = message.lastIndexOf(` failed with ${code}`);
  const words = bare < 0 ? message : message.slice(bare + ' failed with '.length);
  return words.startsWith(code) ? words : `${code}: ${words}`;
}

function byPlace(a: string, b: string): number {
  const place = (lane: string): number => LANE_ORDER.findIndex((prefix) => lane.startsWith(prefix));
  return place(a) - place(b) || a.localeCompare(b, 'en', { numeric: true });
}
