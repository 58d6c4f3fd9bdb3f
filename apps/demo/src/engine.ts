import {
  FenceError,
  FenceTimeline,
  traceDependency,
  type Borrowed,
  type DmaFence,
  type Owned,
} from '@dma-fence/core';
import type { Clock } from './clock.js';
import { WorkRecord, type Dependencies, type Job, type JobRequest } from './job.js';
import { STATUS_PAGE, type Hardware, type Interrupt, type StartHardware } from './ring.js';
import { Watchdog } from './watchdog.js';

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

/** Jobs in the ring at once: one running and one behind it, so that the engine need not ask for more. */
const RING_LENGTH = 2;

/** A job that was lost this often without ever beginning is given up, and so is an engine that never begins one. */
const MOST_PUSHES = 3;

/** A thread that has not come to its job after this many timeouts counts as hung. */
const MOST_TIMEOUTS = 10;

/**
 * An in-order queue of jobs over worker-thread hardware: the place of a GPU ring.
 *
 * ```text
 *  submit ─► queue (waits for dependencies, in order) ─► ring (hardware) ─► interrupt ─► timeline.advanceTo
 * ```
 *
 * The fence of a job is signaled when the engine says so, or failed: with what its input failed with, with `EIO`
 * when the job threw or the engine died in it, with `ETIME` when the watchdog lost patience.
 */
export class Engine {
  readonly name: string;
  readonly stats: EngineStats = { jobs: 0, busyMs: 0, waitingMs: 0, longestStallMs: 0, restarts: 0 };
  readonly #timeline: FenceTimeline;
  readonly #clock: Clock;
  readonly #start: StartHardware;
  readonly #events: EngineEvents;
  readonly #watchdog: Watchdog;
  #status = new Int32Array(new SharedArrayBuffer(4 * STATUS_PAGE.LENGTH));
  #hardware: Hardware | undefined;
  /** Submitted, not yet in the ring. */
  readonly #queue: Job[] = [];
  /** In the ring; the first one is running. */
  readonly #ring: Job[] = [];
  /** The submission that the last job was of, if one of its jobs has failed, and with what. */
  #guilty: { readonly submission: object; readonly error: FenceError } | undefined;
  #freeSince = 0;
  /** Over when the hardware that is being replaced has stopped. */
  #resetting: Promise<void> | undefined;
  #stopped = false;

  constructor(name: string, start: StartHardware, clock: Clock, events: EngineEvents) {
    this.name = name;
    this.#timeline = new FenceTimeline({ driverName: 'demo', timelineName: name });
    this.#clock = clock;
    this.#start = start;
    this.#events = events;
    this.#watchdog = new Watchdog(clock, (ms) => {
      this.#onTimeout(ms);
    });
    this.#hardware = this.#startHardware();
  }

  /**
   * Appends a job; it runs when everything before it and everything in `after` is over.
   *
   * @returns the job's fence, which the caller must `put()`; one that fails if the engine was stopped or lost
   */
  submit(request: JobRequest, after: Dependencies): Owned {
    if (this.#stopped) return this.#timeline.fenceAt(this.#timeline.context.lastSeqno + 1);
    const { label, frame } = request;
    const fence = this.#timeline.createFence(new WorkRecord(label, frame, this.#clock.now()));
    const job: Job = {
      request,
      fence: fence.get(),
      waitingFor: 1,
      failure: undefined,
      pushes: 0,
      timeouts: 0,
      headAt: 0,
    };
    this.#queue.push(job);
    this.#waitFor(job, after.order, false);
    this.#waitFor(job, after.data, true);
    this.#settle(job);
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
    this.#giveUp(new FenceError('ECANCELED', `${this.name} was stopped`));
  }

  #waitFor(job: Job, dependency: Borrowed | undefined, forItsData: boolean): void {
    if (dependency === undefined) return;
    traceDependency(job.fence, dependency);
    const over = (fence: DmaFence): void => {
      if (forItsData) job.failure ??= fence.error;
      this.#settle(job);
    };
    job.waitingFor += 1;
    if (!dependency.addCallback(over)) over(dependency);
  }

  #settle(job: Job): void {
    job.waitingFor -= 1;
    if (job.waitingFor === 0) this.#pump();
  }

  /** Moves jobs from the queue into the ring, in order, as far as that goes. */
  #pump(): void {
    for (let job = this.#queue[0]; job?.waitingFor === 0; job = this.#queue[0]) {
      if (this.#hardware === undefined) return;
      if (job.failure !== undefined) {
        // Not before its turn: fences of a timeline signal in order.
        if (this.#ring.length > 0) return;
        this.#queue.shift();
        this.#finish(job, job.failure);
      } else {
        if (this.#ring.length >= RING_LENGTH) return;
        this.#queue.shift();
        this.#ring.push(job);
        job.pushes += 1;
        this.#hardware.push({ seqno: job.fence.seqno, work: job.request.work });
        if (this.#ring.length === 1) this.#watch(job);
      }
    }
  }

  /** The job is the running one now, and has so much time. */
  #watch(job: Job): void {
    job.headAt = this.#clock.now();
    this.#watchdog.watch(job.request.hangMs);
  }

  /** The interrupt handler: the engine is done with the jobs up to `seqno`; what it says of failure is of the last. */
  #onInterrupt({ seqno, startedAt, endedAt, failure }: Interrupt): void {
    const last = this.#ring.findIndex(({ fence }) => fence.seqno === seqno);
    for (const job of this.#ring.splice(0, last + 1)) {
      const failed = failure !== undefined && job.fence.seqno === seqno;
      const error = failed ? new FenceError('EIO', `${job.request.label}: ${failure}`) : undefined;
      if (job.fence.seqno === seqno) this.#account(job, startedAt, endedAt);
      if (error === undefined) this.#events.ran();
      else this.#events.mishap('threw', error.message);
      this.#finish(job, error);
    }
    const next = this.#ring[0];
    if (next === undefined) this.#watchdog.rest();
    else this.#watch(next);
    this.#pump();
  }

  #account(job: Job, startedAt: number, endedAt: number): void {
    const { data } = job.fence;
    data.startedAt = startedAt;
    data.endedAt = endedAt;
    const stall = Math.max(0, startedAt - Math.max(this.#freeSince, data.queuedAt));
    this.stats.jobs += 1;
    this.stats.busyMs += endedAt - startedAt;
    this.stats.waitingMs += stall;
    this.stats.longestStallMs = Math.max(this.stats.longestStallMs, stall);
    this.#freeSince = endedAt;
  }

  /** With its first failed job a submission is lost: what it has behind that fails here, too, whatever it came to. */
  #finish({ request, fence }: Job, error: FenceError | undefined): void {
    if (this.#guilty?.submission !== request.submission) this.#guilty = undefined;
    if (error !== undefined) this.#guilty ??= { submission: request.submission, error };
    this.#timeline.advanceTo(fence.seqno, this.#guilty?.error);
    fence.put();
  }

  /** The watchdog barked. A job that its thread has not even come to is no reason: the machine is busy. */
  #onTimeout(ms: number): void {
    const job = this.#ring[0];
    if (job === undefined) return;
    job.timeouts += 1;
    const begun = Atomics.load(this.#status, STATUS_PAGE.BEGAN) >= job.fence.seqno;
    if (begun || job.timeouts >= MOST_TIMEOUTS) this.#reset('hung', `hung for more than ${String(ms)} ms`);
    else this.#watchdog.watch(ms);
  }

  /**
   * Restarts the hardware. The job that it was in fails; one that it had not begun goes into the new ring, and
   * so does not even notice. A job that began cannot simply run again: a pass may work in place.
   */
  #reset(kind: 'hung' | 'died', what: string): void {
    const hardware = this.#hardware;
    if (hardware === undefined) return;
    this.#hardware = undefined;
    this.#watchdog.rest();
    // First of all the thread must be gone: it might still write into buffers that others are waiting for.
    this.#resetting = hardware.stop().then(() => {
      if (!this.#stopped) this.#restart(kind, what);
    });
  }

  #restart(kind: 'hung' | 'died', what: string): void {
    this.stats.restarts += 1;
    this.#freeSince = this.#clock.now();
    const began = Atomics.load(this.#status, STATUS_PAGE.BEGAN);
    const finished = Atomics.load(this.#status, STATUS_PAGE.FINISHED);
    const over: [Job, FenceError | undefined][] = [];
    const again: Job[] = [];
    for (const job of this.#ring.splice(0)) {
      const { seqno } = job.fence;
      if (seqno <= finished) over.push([job, undefined]);
      else if (seqno > began && job.pushes < MOST_PUSHES) again.push(job);
      else {
        // It can no longer tell these itself.
        job.fence.data.startedAt = job.headAt;
        job.fence.data.endedAt = this.#clock.now();
        over.push([job, new FenceError(MISHAP_ERRORS[kind], `${job.request.label} ${what} on ${this.name}`)]);
      }
    }
    this.#queue.unshift(...again);
    // No hardware yet: what wakes up by these fences must not overtake the ones after it.
    for (const [job, error] of over) {
      if (error !== undefined) this.#events.mishap(kind, `${error.message}; the engine was reset`);
      this.#finish(job, error);
    }
    this.#hardware = this.#startHardware();
    this.#pump();
  }

  #startHardware(): Hardware {
    this.#status = new Int32Array(new SharedArrayBuffer(4 * STATUS_PAGE.LENGTH));
    const hardware = this.#start(
      { status: this.#status.buffer },
      {
        // What a thread says after its reset has begun comes too late.
        interrupt: (interrupt) => {
          if (this.#hardware === hardware) this.#onInterrupt(interrupt);
        },
        died: (reason) => {
          if (this.#hardware !== hardware) return;
          if (this.#ring.length > 0) this.#reset('died', `took its engine down (${reason})`);
          else this.#lose(reason);
        },
      },
    );
    return hardware;
  }

  /** Hardware that dies with nothing to do will not do better when it has: no restart. */
  #lose(reason: string): void {
    this.#events.mishap('died', `${this.name} died without a job: ${reason}`);
    this.#stopped = true;
    this.#hardware = undefined;
    this.#giveUp(new FenceError('ENODEV', `${this.name} died without a job: ${reason}`));
  }

  #giveUp(error: FenceError): void {
    const left = [...this.#ring.splice(0), ...this.#queue.splice(0)];
    this.#timeline.cancel(error);
    for (const job of left) job.fence.put();
  }
}
