import { DmaFenceContext, FenceError, SyncObject, type Borrowed, type DmaFence } from '@dma-fence/core';
import { Chaos } from '../engine/chaos.js';
import { monotonicNow, systemClock } from '../clock.js';
import { countWrongPixels } from '../picture/compare.js';
import { Engine, type EngineEvents, type EngineStats, type Mishap } from '../engine/engine.js';
import { jobsOf, renderFrame, RenderTarget } from './frame.js';
import type { Picture } from '../picture/picture.js';
import { Reference } from '../picture/reference.js';
import type { StartHardware } from '../engine/ring.js';
import { SURFACE_BYTES_PER_PIXEL, type Size } from '../picture/surface.js';
import { reasonOf, UserError } from '../command/user-error.js';
import { WorkRecord } from './work.js';

/** How a run is set up. */
export interface PipelineOptions {
  readonly engines: number;
  readonly inFlight: number;
  readonly fences: boolean;
  readonly chaos: number | undefined;
  /** Milliseconds; undefined: worked out from the pictures. */
  readonly hangMs: number | undefined;
  /** Whether the planted deadlock is in. */
  readonly deadlock: boolean;
}

/** What became of one picture. */
export interface FrameResult {
  readonly name: string;
  readonly size: Size;
  /** Pixels that differ from the reference; undefined: it was not finished. */
  readonly wrongPixels: number | undefined;
  /** Times it was rendered. */
  readonly attempts: number;
  /** Where it was delivered to; undefined: it was not. */
  readonly path: string | undefined;
  /** Why it was not finished. */
  readonly failure: string | undefined;
  /** Whether that was the picture's own fault: it could not be decoded. */
  readonly unreadable: boolean;
}

/** How far a run is. */
export interface PipelineProgress {
  readonly picturesDone: number;
  readonly inFlight: number;
  readonly jobs: number;
  readonly megapixels: number;
}

/** What happens on the way, for those who look on. */
export interface PipelineEvents {
  /** A picture was taken up, a job ran, or a picture is over. */
  progress(state: PipelineProgress): void;
  /** Something went wrong and is dealt with. */
  news(line: string): void;
  /** Runs all the work on one picture; for those who want to know what belongs together. */
  picture(picture: Picture, work: () => Promise<FrameResult>): Promise<FrameResult>;
  /** The picture's jobs failed with that code, and are done again; since `startedAt` on the `performance.now()` clock. */
  failedTry(picture: Picture, code: string, startedAt: number): void;
  /**
   * A result is there and was compared.
   *
   * @returns the path that it was written to
   */
  deliver(
    picture: Picture,
    pixels: Uint8Array<ArrayBuffer>,
    wrongPixels: number,
  ): Promise<string | undefined>;
}

/** What became of a run. */
export interface PipelineResult {
  readonly frames: readonly FrameResult[];
  readonly engines: readonly (EngineStats & { readonly name: string })[];
  readonly inFlight: number;
  readonly mishaps: Readonly<Record<Mishap, number>>;
  readonly elapsedMs: number;
}

/** A frame is rendered at most this often; chaos strikes at most twice, the others are for a machine that is too busy. */
const MOST_ATTEMPTS = 6;

/** What the display expects of a frame; a large one on a busy machine takes longer and is waited for all the same. */
const LATE_MS = 30_000;

/** Shared memory that frames in flight may take together. */
const MEMORY_BUDGET = 3 * 2 ** 30;

/**
 * Runs pictures through the engines: up to `inFlight` are under way at once and take turns on two render targets,
 * so that a picture's upload, its passes and its readback run beside those of its neighbours.
 *
 * @param signal - stops the run: everything pending fails with `ECANCELED`, and the promise rejects with its reason
 * @returns when all threads have ended; rejects with the first {@link UserError} of delivering. A picture that cannot be
 *   decoded is a result, and the others go on.
 */
export async function runPipeline(
  pictures: readonly Picture[],
  options: PipelineOptions,
  start: StartHardware,
  events: PipelineEvents,
  signal: AbortSignal,
): Promise<PipelineResult> {
  signal.throwIfAborted();
  const run = new Run(pictures, options, start, events);
  const stop = (): void => {
    void run.stop();
  };
  signal.addEventListener('abort', stop);
  try {
    const result = await run.all(signal);
    signal.throwIfAborted();
    return result;
  } finally {
    signal.removeEventListener('abort', stop);
    await run.stop();
  }
}

class Run {
  readonly #pictures: readonly Picture[];
  readonly #options: PipelineOptions;
  readonly #events: PipelineEvents;
  readonly #engines: readonly Engine[];
  readonly #reference = new Reference();
  readonly #targets: readonly RenderTarget[];
  readonly #chaos: Chaos | undefined;
  readonly #limit: number;
  /** Delivered frames, whatever became of them: what paces the run. */
  readonly #display = new DmaFenceContext({ driverName: 'demo', timelineName: 'display' });
  /** Point n: the first n frames were shown. */
  readonly #shown = new SyncObject();
  readonly #mishaps: Record<Mishap, number> = { hung: 0, died: 0, threw: 0 };
  #progress: PipelineProgress = { picturesDone: 0, inFlight: 0, jobs: 0, megapixels: 0 };
  #userError: UserError | undefined;

  constructor(
    pictures: readonly Picture[],
    options: PipelineOptions,
    start: StartHardware,
    events: PipelineEvents,
  ) {
    const largest = Math.max(...pictures.map(({ size }) => size.width * size.height));
    this.#pictures = pictures;
    this.#options = options;
    this.#events = events;
    this.#chaos = options.chaos === undefined ? undefined : new Chaos(options.chaos);
    this.#limit = Math.min(options.inFlight, framesThatFit(largest));
    // One fewer than frames in flight: the next frame always waits for buffers that are in use.
    const targets = this.#limit > 1 ? 2 : 1;
    this.#targets = Array.from({ length: targets }, (_, index) => new RenderTarget(String(index), largest));
    const engineEvents: EngineEvents = {
      ran: () => {
        this.#report({ jobs: this.#progress.jobs + 1 });
      },
      mishap: (kind, line) => {
        this.#mishaps[kind] += 1;
        events.news(line);
      },
    };
    this.#engines = Array.from(
      { length: options.engines },
      (_, index) => new Engine(`engine-${String(index)}`, start, systemClock, engineEvents),
    );
  }

  async all(signal: AbortSignal): Promise<PipelineResult> {
    const startedAt = performance.now();
    const frames: Promise<FrameResult>[] = [];
    for (const [index, picture] of this.#pictures.entries()) {
      if (index >= this.#limit) await this.#waitUntilShown(index - this.#limit);
      if (signal.aborted || this.#userError !== undefined) break;
      frames.push(this.#events.picture(picture, () => this.#shownFrame(index, picture)));
    }
    const results = await Promise.all(frames);
    if (this.#userError !== undefined) throw this.#userError;
    const engines = this.#engines.map(({ name, stats }) => ({ name, ...stats }));
    return {
      frames: results,
      engines,
      inFlight: this.#limit,
      mishaps: this.#mishaps,
      elapsedMs: performance.now() - startedAt,
    };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#engines.map((engine) => engine.stop()), this.#reference.stop()]);
    this.#shown[Symbol.dispose]();
    for (const target of this.#targets) target[Symbol.dispose]();
  }

  /** A frame, and the fence that stands for the whole of it. */
  async #shownFrame(index: number, picture: Picture): Promise<FrameResult> {
    const display = this.#display.createFence(new WorkRecord(picture.name, index, monotonicNow()));
    this.#shown.addPoint(index + 1, display);
    try {
      return await this.#frame(index, picture, display);
    } finally {
      display.signal();
      display.put();
    }
  }

  /** Frames are shown in order; the display says so when one is late. */
  async #waitUntilShown(index: number): Promise<void> {
    const point = index + 1;
    try {
      await this.#shown.wait({ point, timeoutMs: LATE_MS });
    } catch (error) {
      if (!(error instanceof FenceError) || error.code !== 'ETIME') throw error;
      this.#events.news(
        `${this.#pictures[index]?.name ?? ''} is late: not shown after ${String(LATE_MS / 1000)} s`,
      );
      await this.#shown.wait({ point });
    }
  }

  /** One picture from file to file. Never rejects: what a person can put right is kept in `#userError`. */
  async #frame(index: number, picture: Picture, shown: Borrowed<DmaFence<WorkRecord>>): Promise<FrameResult> {
    this.#report({ inFlight: this.#progress.inFlight + 1 });
    const { name, size } = picture;
    let attempts = 0;
    let result: FrameResult;
    const pixels = picture.decode();
    try {
      const expected = pixels.then((source) => this.#reference.render(source, size));
      // Its failure is heard where it is awaited; until then it must not count as unhandled.
      expected.catch(() => undefined);
      let rendered: Uint8Array<ArrayBuffer> | undefined;
      while (rendered === undefined) {
        attempts += 1;
        rendered = await this.#render(index, picture, attempts, pixels, shown);
      }
      // Until then it waited for the picture.
      shown.data.startedAt = monotonicNow();
      const wrongPixels = countWrongPixels(rendered, await expected);
      const path = await this.#events.deliver(picture, rendered, wrongPixels);
      result = { name, size, wrongPixels, attempts, path, failure: undefined, unreadable: false };
    } catch (error) {
      const unreadable = await pixels.then(
        () => false,
        () => true,
      );
      if (error instanceof UserError && !unreadable) this.#userError ??= error;
      const failure = reasonOf(error);
      result = { name, size, wrongPixels: undefined, attempts, path: undefined, failure, unreadable };
    }
    const { picturesDone, inFlight, megapixels } = this.#progress;
    this.#report({
      picturesDone: picturesDone + 1,
      inFlight: inFlight - 1,
      megapixels: megapixels + (size.width * size.height) / 1e6,
    });
    return result;
  }

  #report(change: Partial<PipelineProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    this.#events.progress(this.#progress);
  }

  /** @returns the picture, or undefined if a job failed and it is worth another try */
  async #render(
    index: number,
    picture: Picture,
    attempt: number,
    pixels: Promise<SharedArrayBuffer>,
    shown: Borrowed,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const startedAt = performance.now();
    const { name, size } = picture;
    const target = this.#targets[index % this.#targets.length] as RenderTarget;
    const strike = this.#chaos?.strike(index, attempt - 1, jobsOf(size, this.#engines.length));
    const hangMs = this.#hangMs(size) * 2 ** (attempt - 1);
    const fenced = this.#options.fences;
    // One picture is enough.
    const deadlock = this.#options.deadlock && index === 0;
    const request = { name, index, size, hangMs, fenced, strike, deadlock, shown };
    try {
      return await renderFrame(request, target, this.#engines, pixels);
    } catch (error) {
      // A picture that cannot be decoded is no job's fault.
      await pixels;
      const mayPass = error instanceof FenceError && (error.code === 'EIO' || error.code === 'ETIME');
      if (!mayPass || attempt >= MOST_ATTEMPTS) throw error;
      this.#events.failedTry(picture, error.code, startedAt);
      this.#events.news(`${name} failed with ${error.code} and is rendered again`);
      return undefined;
    }
  }

  /** A pass takes some 100 ms a megapixel at worst; chaos wants its hangs found soon. */
  #hangMs({ width, height }: Size): number {
    const megapixels = (width * height) / 1e6;
    const patience = this.#chaos === undefined ? 10_000 + 2000 * megapixels : 700 + 200 * megapixels;
    return Math.ceil(this.#options.hangMs ?? patience);
  }
}

/** How many frames of that size may be in flight. Each holds its source, result, expectation and encoder's copy. */
function framesThatFit(pixels: number): number {
  const left = MEMORY_BUDGET - 2 * SURFACE_BYTES_PER_PIXEL * pixels;
  return Math.max(1, Math.floor(left / (pixels * 16)));
}
