import type { DmaFenceContext, FenceErrorCode } from '@dma-fence/core';
import {
  Capacity,
  errorOf,
  producerContext,
  refusal,
  type ProducerOps,
  type Refuser,
} from '@dma-fence/core/producer';
import type { JobOptions } from './job.js';
import type { JobQueue } from './job-queue.js';
import { JobState } from './job-state.js';
import { needsOf } from './needs.js';
import { checkQueue, type JobQueueOptions, type QueueSettings } from './options.js';
import { Ready, NOWHERE } from './ready.js';
import { Room } from './room.js';
import { Stream } from './stream.js';
import { decide, enter, kick, leave } from './turn.js';

const WAY_OUT = 'submit a job to its queue instead';

/** What a queue knows; `JobQueue` is what users see of it. */
export class QueueState {
  readonly queue: JobQueue;
  readonly settings: QueueSettings;
  /** `driver:timeline`. */
  readonly name: string;
  readonly capacity: Capacity;
  readonly context: DmaFenceContext;
  /** The ring of an ordered queue. */
  readonly ring: Stream | undefined;
  readonly ready: Ready = new Ready();
  readonly room: Room;
  readonly #driverName: string;
  readonly #timelineName: string;
  readonly #ops: ProducerOps;
  /** Jobs that were armed and are not over, in that order. */
  #first: JobState | undefined = undefined;
  #last: JobState | undefined = undefined;
  #idlers: Set<() => void> | undefined = undefined;
  waiting = 0;
  running = 0;
  inUse = 0;
  /** How many pauses last. */
  paused = 0;
  closed = false;
  /** It stands in the list of queues in which something may begin. */
  kicked = false;
  /** How many jobs were made, for their names, and pushed, for their order. */
  made = 0;
  pushed = 0;

  constructor(queue: JobQueue, options: JobQueueOptions) {
    const { driverName, timelineName } = (options as JobQueueOptions | undefined) ?? ({} as JobQueueOptions);
    this.queue = queue;
    this.name = `${driverName}:${timelineName}`;
    this.settings = checkQueue(this, options);
    this.#driverName = driverName;
    this.#timelineName = timelineName;
    this.#ops = {
      needs: (fence) => needsOf(fence),
      setDeadline: (fence, deadline) => {
        (fence.data as JobState).wanted(deadline);
      },
    };
    this.capacity = new Capacity(`credits of ${this.name}`);
    this.room = new Room(this);
    this.ring = this.settings.ordered ? new Stream(this, undefined, undefined) : undefined;
    this.context = this.ring?.finishedContext ?? this.newContext();
  }

  /** How messages name it. */
  get who(): string {
    return `queue ${this.name}`;
  }

  /** A context for fences of jobs; `part` and `kind` join the timeline's name. */
  newContext(part?: string, kind?: string): DmaFenceContext {
    const timelineName = [this.#timelineName, part, kind].filter((name) => name !== undefined).join('.');
    return producerContext({ driverName: this.#driverName, timelineName, ops: this.#ops }, WAY_OUT);
  }

  /** Whether another job may be pushed; throws why not. */
  checkOpen(stream: Stream | undefined, call: string, who: Refuser): void {
    if (this.closed || stream?.closed === true) {
      const what = this.closed ? 'the queue is closed; make another' : 'its entity is closed; make another';
      throw refusal(who, `${call}(): ${what}`, 'ECANCELED');
    }
  }

  checkRoom(call: string, who: Refuser): void {
    const { maxWaiting } = this.settings;
    if (this.waiting < maxWaiting) return;
    const why = `${String(this.waiting)} jobs wait, and maxWaiting is ${String(maxWaiting)}; await queue.room() before`;
    throw refusal(who, `${call}(): ${why}`, 'EBUSY');
  }

  submit(stream: Stream | undefined, work: unknown, options: JobOptions | undefined): JobState {
    this.checkOpen(stream, 'submit', this);
    this.checkRoom('submit', this);
    const job = new JobState(this, stream ?? this.ring, work, options, false);
    const outer = enter();
    try {
      job.arm();
      job.push();
    } finally {
      leave(outer);
    }
    // One that has begun did so here.
    if (job.isWaiting) job.capture();
    return job;
  }

  // The list of jobs that are armed and not over.

  link(job: JobState): void {
    job.previous = this.#last;
    if (this.#last === undefined) this.#first = job;
    else this.#last.next = job;
    this.#last = job;
  }

  unlink(job: JobState): void {
    const { previous, next } = job;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    job.previous = job.next = undefined;
  }

  /** Those that are armed and not over, as they are now. */
  jobs(): JobState[] {
    const jobs: JobState[] = [];
    for (let job = this.#first; job !== undefined; job = job.next) jobs.push(job);
    return jobs;
  }

  // Beginning.

  /** A job whose dependencies are over, and whose turn it is in its stream, waits for room. */
  enqueue(job: JobState): void {
    if (job.place === NOWHERE) this.ready.add(job);
  }

  /** Begins the next job, if there is room for it. */
  beginNext(): boolean {
    if (this.paused > 0) return false;
    const { ring } = this;
    const job = ring === undefined ? this.ready.first() : ring.candidate();
    if (job === undefined) return false;
    const { credits } = job;
    if (credits > 0 && credits > this.settings.credits - this.inUse) return false;
    if (ring === undefined) this.ready.shift(job);
    this.waiting--;
    this.running++;
    this.inUse += credits;
    if (this.settings.maxWaiting !== Infinity) this.room.admit();
    job.begin();
    return true;
  }

  /** A job that has not begun never will. */
  noLongerWaiting(): void {
    this.waiting--;
    this.room.admit();
    this.checkIdle();
    kick(this);
  }

  /** A job is over, and so is all that follows from that. */
  giveBack(credits: number): void {
    this.running--;
    this.inUse -= credits;
    this.checkIdle();
    if (this.waiting > 0) kick(this);
  }

  // Waits.

  /** Calls back once nothing waits and nothing runs; answers what takes it back. */
  whenIdle(resolve: () => void): (() => void) | undefined {
    if (this.waiting === 0 && this.running === 0) {
      resolve();
      return undefined;
    }
    const idlers = (this.#idlers ??= new Set());
    idlers.add(resolve);
    return () => {
      idlers.delete(resolve);
    };
  }

  checkIdle(): void {
    if (this.#idlers === undefined || this.waiting > 0 || this.running > 0) return;
    const idlers = this.#idlers;
    this.#idlers = undefined;
    for (const resolve of idlers) resolve();
  }

  // Giving up.

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.room.close();
    decide(() => {
      for (const job of this.jobs()) if (job.armedOnly) job.giveUp('ECANCELED');
    });
  }

  /** Cancels jobs: what waits fails, what runs is asked to stop; `armed`: also what is armed and not pushed. */
  cancelAll(
    error: FenceErrorCode | Error,
    which: (job: JobState) => boolean = () => true,
    armed = false,
  ): void {
    // Thrown before anything has changed.
    errorOf(this, error);
    decide(() => {
      const jobs = this.jobs().filter((job) => which(job) && (armed || !job.armedOnly));
      for (const job of jobs) job.cancel(error);
    });
  }

  pause(): Disposable {
    this.paused++;
    let lasts = true;
    return {
      [Symbol.dispose]: () => {
        if (!lasts) return;
        lasts = false;
        this.paused--;
        decide(() => {
          kick(this);
        });
      },
    };
  }

  /** What decides about a job whose time is over. */
  askTimeout(job: JobState): unknown {
    return this.settings.onTimeout?.(job);
  }
}
