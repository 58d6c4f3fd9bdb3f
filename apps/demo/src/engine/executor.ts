import { beginSignalling, FenceError, type FenceErrorCode } from '@dma-fence/core';
import { SharedTimeline, type SharedTimelineHandle } from '@dma-fence/core/shared';
import { PASSES, type Pass } from '../pass/pass.js';
import {
  STATUS_PAGE,
  type EngineStart,
  type Guilty,
  type JobNote,
  type RingEntry,
  type Work,
} from './ring.js';
import { BYTES_PER_PIXEL, pixelsOf } from '../picture/surface.js';

/** A thread that was killed between finishing a value and waking those who wait may leave them asleep: they look. */
const LOOK_AGAIN_MS = 1000;

/**
 * What an engine's thread does with its jobs: waits for what each depends on, blocking, does it, and signals. No other
 * thread has a part in that.
 */
export class Executor {
  readonly #timeline: SharedTimeline;
  readonly #status: Int32Array;
  readonly #now: () => number;
  readonly #say: (note: JobNote) => void;
  readonly #others = new Map<string, SharedTimeline>();
  #guilty: Guilty | undefined;

  /**
   * @param now - a clock on the scale of `monotonicNow`
   * @param say - takes what there is to say of a job
   */
  constructor({ timeline, status, guilty }: EngineStart, now: () => number, say: (note: JobNote) => void) {
    this.#timeline = SharedTimeline.attach(timeline);
    this.#status = status;
    this.#guilty = guilty;
    this.#now = now;
    this.#say = say;
  }

  /**
   * Does one job.
   *
   * With its first failed job a submission is lost: what it has behind that in this ring fails with the same code. So an
   * engine's newest value tells of all before it, which is what lets merges and reservations keep one fence a timeline.
   */
  run(entry: RingEntry): void {
    const { seqno, submission } = entry;
    Atomics.store(this.#status, STATUS_PAGE.TAKEN, seqno);
    let code = this.#waitFor(entry);
    if (this.#guilty?.submission === submission) code = this.#guilty.code;
    const runs = code === undefined;
    if (runs) {
      entry.times[0] = this.#now();
      Atomics.store(this.#status, STATUS_PAGE.BEGAN, seqno);
      code = this.#try(entry, befall);
    }
    // What goes wrong on purpose has gone wrong before: in the section nothing may block.
    const section = beginSignalling();
    code ??= this.#try(entry, runPass);
    if (runs) entry.times[1] = this.#now();
    this.#guilty = code === undefined ? undefined : { submission, code };
    this.#timeline.advanceTo(seqno, code);
    section.end();
    if (entry.tell) this.#say({ seqno, thrown: undefined });
  }

  /** Says what was thrown, and answers with what the job then fails with. */
  #try({ seqno, work }: RingEntry, part: (work: Work) => void): FenceErrorCode | undefined {
    try {
      part(work);
      return undefined;
    } catch (error) {
      this.#say({ seqno, thrown: error instanceof Error ? error.message : String(error) });
      return 'EIO';
    }
  }

  /** Blocks until all that a job waits for is over; answers with what its input failed with. */
  #waitFor({ after }: RingEntry): FenceErrorCode | undefined {
    let failure: FenceErrorCode | undefined;
    for (const { on, value, forData } of after) {
      const code = outcome(this.#other(on), value);
      if (forData) failure ??= code;
    }
    return failure;
  }

  /** In a run, names of timelines are unique. */
  #other(handle: SharedTimelineHandle): SharedTimeline {
    const known = this.#others.get(handle.timelineName) ?? SharedTimeline.attach(handle);
    this.#others.set(handle.timelineName, known);
    return known;
  }
}

/** Blocks until a value is over; answers with what it failed with. */
function outcome(timeline: SharedTimeline, value: number): FenceErrorCode | undefined {
  for (;;) {
    try {
      timeline.waitSync(value, { timeoutMs: LOOK_AGAIN_MS });
      return undefined;
    } catch (error) {
      if (!(error instanceof FenceError)) throw error;
      if (error.code !== 'ETIME' || timeline.value >= value) return error.code;
    }
  }
}

function runPass({ pass, pixels, size, band }: Work): void {
  passOf(pass).run(pixelsOf(pixels, size), size, band);
}

/** Chaos. Whatever goes wrong leaves a mess behind, which nobody may take for a result. */
function befall({ pass, pixels, size, band, mischief }: Work): void {
  if (mischief === undefined) return;
  const { name, writes } = passOf(pass);
  const row = size.width * BYTES_PER_PIXEL[writes];
  pixelsOf(pixels, size)[writes].fill(0xa5, band.top * row, band.bottom * row);
  if (mischief === 'throw') throw new Error(`chaos: ${name} threw`);
  if (mischief === 'die') process.exit(70);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function passOf(index: number): Pass {
  const pass = PASSES[index];
  if (pass === undefined) throw new Error(`there is no pass ${String(index)}`);
  return pass;
}
