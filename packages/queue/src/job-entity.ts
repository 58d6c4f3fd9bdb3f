import type { DmaReservation, FenceErrorCode } from '@dma-fence/core';
import type { Job, JobOptions, JobPriority, JobResult } from './job.js';
import { JobState } from './job-state.js';
import { priorityAt, priorityOf, rankOf } from './options.js';
import type { QueueState } from './queue-state.js';
import { submitReserved } from './reserved.js';
import { Stream } from './stream.js';
import { decide } from './turn.js';

/**
 * The buffers that a job reads and writes, for `submitReserved`.
 *
 * @example From one buffer to another
 * ```ts
 * import { DmaReservation } from '@dma-fence/core';
 * import type { ReservedBuffers } from '@dma-fence/queue';
 *
 * const [source, target] = [new DmaReservation(), new DmaReservation()];
 * const copy: ReservedBuffers = { reads: [source], writes: [target] };
 * ```
 */
export interface ReservedBuffers {
  /** The job begins after their writers; their next writers wait for it. */
  reads?: Iterable<DmaReservation> | undefined;
  /** The job begins after their readers and writers; everybody who comes later waits for it. */
  writes?: Iterable<DmaReservation> | undefined;
}

/**
 * An ordered stream of jobs: each begins when the one before is over, in the order in which they were armed.
 *
 * Streams of one queue share its credits and run beside each other. Made by `JobQueue.entity()`. Kernel: `drm_sched_entity`.
 *
 * @example One stream a document
 * ```ts
 * import { JobQueue } from '@dma-fence/queue';
 *
 * const queue = new JobQueue({ driverName: 'app', timelineName: 'edits', credits: 8 });
 * using edits = queue.entity({ name: 'document 7' });
 * const log: string[] = [];
 * edits.submit(async () => void log.push('first'));
 * await edits.submit(() => log.push('second')).result();
 * log.join(); // 'first,second'
 * ```
 */
export class JobEntity implements Disposable {
  /** What messages call it; `entity` by default. */
  readonly name: string;
  readonly #state: QueueState;
  readonly #stream: Stream;

  /** @internal */
  constructor(state: QueueState, name: string | undefined, priority: JobPriority | undefined) {
    this.#state = state;
    this.name = name ?? 'entity';
    this.#stream = new Stream(state, name, this);
    this.#stream.rank = rankOf(priorityOf(this, priority) ?? 'normal');
  }

  /** The priority of jobs that have none of their own; may be changed at any time. */
  get priority(): JobPriority {
    return priorityAt(this.#stream.rank);
  }

  set priority(priority: JobPriority) {
    const rank = rankOf(priorityOf(this, priority) ?? 'normal');
    decide(() => {
      this.#stream.reprioritise(rank);
    });
  }

  /** How many of its jobs were pushed and have not begun. */
  get waiting(): number {
    return this.#stream.waiting;
  }

  /** A job of this stream that is not armed yet; otherwise as `JobQueue.job`. */
  job<W>(work: (job: Job) => W, options?: JobOptions): Job<JobResult<W>> {
    return new JobState(this.#state, this.#stream, work, options, true) as unknown as Job<JobResult<W>>;
  }

  /** A job of this stream, armed and pushed; otherwise as `JobQueue.submit`. */
  submit<W>(work: (job: Job) => W, options?: JobOptions): Job<JobResult<W>> {
    return this.#state.submit(this.#stream, work, options) as unknown as Job<JobResult<W>>;
  }

  /** A job of this stream that waits for buffers; otherwise as `JobQueue.submitReserved`. */
  submitReserved<W>(
    work: (job: Job) => W,
    options: JobOptions & ReservedBuffers,
  ): Promise<Job<JobResult<W>>> {
    return submitReserved(this.#state, this.#stream, work, options) as Promise<Job<JobResult<W>>>;
  }

  /**
   * Gives up what waits in this stream, and asks what runs to stop; the stream goes on.
   *
   * @param error as for `Job.cancel`.
   */
  cancel(error: FenceErrorCode | Error = 'ECANCELED'): void {
    this.#state.cancelAll(error, (job) => job.stream === this.#stream);
  }

  /** Closes the stream: nothing more may be armed or pushed (`ECANCELED`), and all of its jobs are canceled. */
  [Symbol.dispose](): void {
    if (this.#stream.closed) return;
    this.#stream.closed = true;
    this.#state.cancelAll('ECANCELED', (job) => job.stream === this.#stream, true);
  }

  /** @internal How messages name it. */
  get who(): string {
    return `entity ${JSON.stringify(this.name)} of ${this.#state.name}`;
  }
}
