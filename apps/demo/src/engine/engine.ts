import type { Borrowed, Owned } from '@dma-fence/core';
import type { Clock } from '../clock.js';
import type { Job, JobRequest } from './job.js';
import {
  STATUS_PAGE,
  type Guilty,
  type Hardware,
  type JobNote,
  type StartHardware,
  type WaitFor,
} from './ring.js';
import { Watchdog } from './watchdog.js';
import { handleOf, leavesOf, WorkRecord, WorkTimeline, type Dependencies } from '../pipeline/work.js';

/** What an engine did in a run. Milliseconds. */
export interface EngineStats {
  jobs: number;
  busyMs: number;
  /** Time with a job at the head of the queue that had to wait for others. */
  waitingMs: number;
  longestStallMs: number;
  restarts: number;
}

/** What can become of a job that did not end well. */
export type Mishap = 'hung' | 'died' | 'threw';

/** What an engine tells those who look on. */
export interface EngineEvents {
  /** A job ran to its end. */
  ran(): void;
  /** A job did not. */
  mishap(kind: Mishap, line: string): void;
}

/** What a mishap means for the fence of its job. */
const MISHAP_ERRORS = { hung: 'ETIME', died: 'EIO' } as const;

/** A job that was lost this often without ever beginning is given up, and so is an engine that never begins one. */
const MOST_PUSHES = 3;

/** A thread that has not come to its job after this many timeouts counts as hung. */
const MOST_TIMEOUTS = 10;

/**
 * An in-order queue of jobs over worker-thread hardware: the place of a GPU ring.
 *
 * ```text
 *  main thread     submit ─► ring                                  watchdog, reset, statistics
 *  engine's thread             └─► waitSync(dependencies) ─► pass ─► timeline.advanceTo ─► whoever waits, in any thread
 * ```
 *
 * The fence of a job is signaled by the engine's own thread, or failed: with what its input failed with, with `EIO` when
 * the job threw or the engine died in it, with `ETIME` when the watchdog lost patience.
 */
export class Engine {
  readonly name: string;
  readonly stats: EngineStats = { jobs: 0, busyMs: 0, waitingMs: 0, longestStallMs: 0, restarts: 0 };
  readonly #timeline: WorkTimeline;
  readonly #clock: Clock;
  readonly #start: StartHardware;
  readonly #events: EngineEvents;
  readonly #watchdog: Watchdog;
  #status = new Int32Array(new SharedArrayBuffer(4 * STATUS_PAGE.LENGTH));
  #hardware: Hardware | undefined;
  /** While bound, everything that the thread owes fails when it is gone; a reset takes that over. */
  #binding: Disposable | undefined;
  /** What is not over; the engine is at the first one. */
  readonly #ring: Job[] = [];
  /** Who is to be told by message, by number of the job. */
  readonly #listeners = new Map<number, () => void>();
  #guilty: Guilty | undefined;
  #freeSince = 0;
  /** Over when the hardware that is being replaced has stopped. */
  #resetting: Promise<void> | undefined;
  #stopped = false;

  constructor(name: string, start: StartHardware, clock: Clock, events: EngineEvents) {
    this.name = name;
    this.#timeline = new WorkTimeline('demo', name);
    this.#clock = clock;
    this.#start = start;
    this.#events = events;
    this.#watchdog = new Watchdog(clock, (ms) => {
      this.#onTimeout(ms);
    });
    this.#startHardware();
  }

  /**
   * Appends a job; it runs when everything before it and everything in `after` is over.
   *
   * @returns the job's fence, which the caller must `put()`; one that fails if the engine was stopped or lost
   */
  submit(request: JobRequest, after: Dependencies): Owned {
    if (this.#stopped) return this.#timeline.refuse();
    const { label, frame, work, submission, onMessage } = request;
    const record = new WorkRecord(label, frame, this.#clock.now());
    const fence = this.#timeline.add(record);
    const entry = {
      seqno: fence.seqno,
      work,
      submission,
      after: [...waitsFor(fence, after.order, false), ...waitsFor(fence, after.data, true)],
      times: record.times,
      tell: onMessage !== undefined,
    };
    const job: Job = { request, fence: fence.get(), record, entry, pushes: 0, timeouts: 0 };
    this.#ring.push(job);
    if (onMessage !== undefined) this.#listeners.set(fence.seqno, onMessage);
    const over = (): void => {
      this.#onOver(job);
    };
    if (fence.addCallback(over)) {
      this.#push(job);
      if (this.#ring.length === 1) this.#watch();
    } else over();
    return fence;
  }

  /** Stops the engine; what is not over fails with `ECANCELED`. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#watchdog.rest();
    const hardware = this.#hardware;
    this.#hardware = undefined;
    // Only a thread that has stopped leaves the buffers alone, and only then may anybody hear that the job is over.
    await (hardware === undefined ? this.#resetting : hardware.stop());
    this.#timeline[Symbol.dispose]();
  }

  #push(job: Job): void {
    if (this.#hardware === undefined) return;
    job.pushes += 1;
    this.#hardware.push(job.entry);
  }

  /** A job is over; they end in order. */
  #onOver({ fence, record, request }: Job): void {
    this.#ring.shift();
    const { error } = fence;
    this.#guilty = error === undefined ? undefined : { submission: request.submission, code: error.code };
    this.#account(record);
    if (error === undefined) this.#events.ran();
    fence.put();
    this.#watch();
  }

  #account({ queuedAt, startedAt, endedAt }: WorkRecord): void {
    if (startedAt === undefined || endedAt === undefined) return;
    const stall = Math.max(0, startedAt - Math.max(this.#freeSince, queuedAt));
    this.stats.jobs += 1;
    this.stats.busyMs += endedAt - startedAt;
    this.stats.waitingMs += stall;
    this.stats.longestStallMs = Math.max(this.stats.longestStallMs, stall);
    this.#freeSince = endedAt;
  }

  /** The engine is at the next job, which has so much time from its beginning on. */
  #watch(): void {
    const job = this.#ring[0];
    if (job === undefined || this.#hardware === undefined) this.#watchdog.rest();
    else this.#watchdog.watch(job.request.hangMs);
  }

  /** The watchdog barked. That a job waits for others is no reason, nor is a busy machine that has not come to it yet. */
  #onTimeout(ms: number): void {
    const job = this.#ring[0];
    if (job === undefined) return;
    if (this.#is(job, STATUS_PAGE.BEGAN)) {
      const left = (job.record.startedAt ?? 0) + job.request.hangMs - this.#clock.now();
      if (left <= 0) this.#reset('hung', `hung for more than ${String(job.request.hangMs)} ms`);
      else this.#watchdog.watch(left);
      return;
    }
    if (!this.#is(job, STATUS_PAGE.TAKEN)) job.timeouts += 1;
    if (job.timeouts >= MOST_TIMEOUTS)
      this.#reset('hung', `was not begun in ${String(MOST_TIMEOUTS * ms)} ms`);
    else this.#watchdog.watch(ms);
  }

  #is({ fence }: Job, state: number): boolean {
    return Atomics.load(this.#status, state) >= fence.seqno;
  }

  /**
   * Restarts the hardware. The job that it was in fails; those that it had not begun go into the new ring, and so do
   * not even notice. A job that began cannot simply run again: a pass may work in place.
   */
  #reset(kind: 'hung' | 'died', what: string): void {
    const hardware = this.#hardware;
    if (hardware === undefined) return;
    this.#hardware = undefined;
    this.#binding?.[Symbol.dispose]();
    this.#watchdog.rest();
    // First of all the thread must be gone: it might still write into buffers that others are waiting for.
    this.#resetting = hardware.stop().then(() => {
      if (!this.#stopped) this.#restart(kind, what);
    });
  }

  #restart(kind: 'hung' | 'died', what: string): void {
    this.stats.restarts += 1;
    this.#freeSince = this.#clock.now();
    // What it finished last may not have been heard of here.
    this.#ring[0]?.fence.poll();
    const job = this.#ring[0];
    if (job !== undefined && (this.#is(job, STATUS_PAGE.BEGAN) || job.pushes >= MOST_PUSHES)) {
      // It can no longer tell this itself.
      job.record.startedAt ??= this.#clock.now();
      job.record.endedAt = this.#clock.now();
      const { label } = job.request;
      this.#events.mishap(kind, `${label} ${what} on ${this.name}; the engine was reset`);
      this.#timeline.shared.advanceTo(job.fence.seqno, MISHAP_ERRORS[kind]);
    }
    this.#startHardware();
    for (const left of this.#ring) this.#push(left);
    this.#watch();
  }

  #startHardware(): void {
    this.#status = new Int32Array(new SharedArrayBuffer(4 * STATUS_PAGE.LENGTH));
    const { shared } = this.#timeline;
    const hardware = this.#start(
      { timeline: shared.handle, status: this.#status, guilty: this.#guilty },
      {
        // What a thread says after its reset has begun comes too late.
        note: (note) => {
          if (this.#hardware === hardware) this.#onNote(note);
        },
        died: (reason) => {
          if (this.#hardware !== hardware) return;
          if (this.#ring.length > 0) this.#reset('died', `took its engine down (${reason})`);
          else this.#lose(reason);
        },
      },
    );
    this.#hardware = hardware;
    this.#binding = shared.bindOwner(hardware.owner);
  }

  #onNote({ seqno, thrown }: JobNote): void {
    const told = this.#timeline.at(seqno);
    if (thrown !== undefined) this.#events.mishap('threw', `${told?.label ?? ''}: ${thrown}`);
    this.#listeners.get(seqno)?.();
    this.#listeners.delete(seqno);
  }

  /** Hardware that dies with nothing to do will not do better when it has: no restart. */
  #lose(reason: string): void {
    this.#events.mishap('died', `${this.name} died without a job: ${reason}`);
    this.#stopped = true;
    this.#hardware = undefined;
    this.#timeline.shared.cancel('ENODEV');
  }
}

/** What a dependency comes to for another thread. */
function waitsFor(fence: Borrowed, on: Borrowed | undefined, forData: boolean): WaitFor[] {
  return leavesOf(fence, on).flatMap((leaf) => {
    const handle = handleOf(leaf);
    // The stub stands for what is over.
    return handle === undefined ? [] : { on: handle, value: leaf.seqno, forData };
  });
}
