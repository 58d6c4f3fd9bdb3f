import type { DmaFenceContext, FenceErrorCode, WaitOptions } from '@dma-fence/core';
import { checkKeys, limitedWait, refusal, unfitArgument } from '@dma-fence/core/producer';
import type { Job, JobOptions, JobPriority, JobResult } from './job.js';
import { JobEntity, type ReservedBuffers } from './job-entity.js';
import { JobState } from './job-state.js';
import type { JobQueueOptions } from './options.js';
import { QueueState } from './queue-state.js';
import { submitReserved } from './reserved.js';
import { decide } from './turn.js';

/**
 * How a stream is made.
 *
 * @example Before the others
 * ```ts
 * import type { JobEntityOptions } from '@dma-fence/queue';
 *
 * const options: JobEntityOptions = { name: 'preview', priority: 'high' };
 * ```
 */
export interface JobEntityOptions {
  /** What messages call it; also the last part of its timeline's name, so no ':' and no control characters. */
  name?: string | undefined;
  /** The priority of its jobs that have none of their own; `normal` by default. */
  priority?: JobPriority | undefined;
}

/**
 * A queue of jobs: each begins when what it depends on is over and there is room, and ends in a fence that others depend on.
 *
 * A job begins synchronously, inside the `signal()` that was the last to be waited for. Higher priorities begin first, then
 * nearer deadlines, then those that were pushed first; a job whose credits do not fit holds back those behind it. Every fence of a
 * job that was armed ends, whatever becomes of queue, stream or job. Wrong arguments throw a `FenceError` with `EINVAL` before
 * anything has changed. Stands for the kernel's `drm_gpu_scheduler`.
 *
 * @example Four at once
 * ```ts
 * import { JobQueue } from '@dma-fence/queue';
 *
 * await using queue = new JobQueue({ driverName: 'app', timelineName: 'thumbnails', credits: 4 });
 * const sizes = [1, 2, 3].map((size) => queue.submit(async () => size * 100));
 * await Promise.all(sizes.map((job) => job.result())); // [100, 200, 300]
 * ```
 */
export class JobQueue implements Disposable, AsyncDisposable {
  readonly #state: QueueState;

  constructor(options: JobQueueOptions) {
    this.#state = new QueueState(this, options);
  }

  /** Names the queue. In an ordered queue it is the context of all its `finished` fences. */
  get context(): DmaFenceContext {
    return this.#state.context;
  }

  /** How much may run at once. */
  get credits(): number {
    return this.#state.settings.credits;
  }

  /** How many credits are taken: by every job from its beginning until its work has really ended. */
  get creditsInUse(): number {
    return this.#state.inUse;
  }

  /** How many jobs were pushed and have not begun. */
  get waiting(): number {
    return this.#state.waiting;
  }

  /** How many jobs have begun and have not given their credits back. */
  get running(): number {
    return this.#state.running;
  }

  /**
   * Prepares a job: nothing is counted, and it has no fence before `arm()`.
   *
   * @param work called with the job when it begins. What it returns is the result; a promise is awaited; a fence is the hardware's:
   * the queue takes its reference over, and the job is over when that fence is.
   * @param options see `JobOptions`.
   * @throws FenceError `EINVAL` for bad arguments. Kernel: `drm_sched_job_init`.
   */
  job<W>(work: (job: Job) => W, options?: JobOptions): Job<JobResult<W>> {
    const state = this.#state;
    return new JobState(state, state.ring, work, options, true) as unknown as Job<JobResult<W>>;
  }

  /**
   * Makes a job, arms and pushes it: if nothing is in its way, it has begun when this returns.
   *
   * @param work as for `job`.
   * @param options as for `job`.
   * @throws FenceError `EBUSY` while `maxWaiting` jobs wait, `ECANCELED` once the queue is closed, `EINVAL` for bad arguments.
   */
  submit<W>(work: (job: Job) => W, options?: JobOptions): Job<JobResult<W>> {
    return this.#state.submit(undefined, work, options) as unknown as Job<JobResult<W>>;
  }

  /**
   * Submits a job that uses buffers: it waits for those who use them now, and those who come later wait for it.
   *
   * Errors of the buffers' present users do not fail it, unless they are named in `after` as well.
   *
   * @param work as for `job`.
   * @param options as for `job`, and the buffers.
   * @returns a promise for the job, once all buffers could be locked; rejects as `submit` throws, and with `signal.reason`.
   * Nothing is left behind then. Kernel: `drm_exec` and `drm_sched_job_add_implicit_dependencies`.
   */
  submitReserved<W>(
    work: (job: Job) => W,
    options: JobOptions & ReservedBuffers,
  ): Promise<Job<JobResult<W>>> {
    return submitReserved(this.#state, undefined, work, options) as Promise<Job<JobResult<W>>>;
  }

  /**
   * Makes an ordered stream of jobs.
   *
   * @param options a name and a priority.
   * @throws FenceError `EINVAL` in an ordered queue, which is one stream itself. Kernel: `drm_sched_entity_init`.
   */
  entity(options: JobEntityOptions = {}): JobEntity {
    const state = this.#state;
    const who = `${state.who}: entity()`;
    if (state.ring !== undefined)
      throw refusal(who, 'an ordered queue is one stream itself; submit to the queue');
    checkKeys(who, options, ['name', 'priority']);
    const { name, priority } = options;
    if (name !== undefined && typeof name !== 'string') throw unfitArgument(who, 'name', 'a string', name);
    return new JobEntity(state, name, priority);
  }

  /**
   * Waits until another job may be pushed: producers are let in one after the other, in the order in which they came, so that
   * `await queue.room(); queue.submit(…)` is never refused.
   *
   * @param options as for `DmaFence.wait`.
   * @returns a promise that resolves then; rejects with `ECANCELED` once the queue is closed, with `ETIME`, `signal.reason`, `EINVAL`.
   */
  room(options?: WaitOptions): Promise<void> {
    return this.#state.room.wait(options);
  }

  /**
   * Waits until nothing waits and nothing runs.
   *
   * @param options as for `DmaFence.wait`.
   * @returns a promise that resolves then; rejects with `ETIME`, `signal.reason`, or `EINVAL` for bad options.
   */
  async idle(options?: WaitOptions): Promise<void> {
    const state = this.#state;
    await limitedWait<undefined>(
      `${state.who}: idle()`,
      options,
      (resolve) =>
        state.whenIdle(() => {
          resolve(undefined);
        }),
      state.capacity,
    );
  }

  /** Has nothing begin until the returned pause is disposed of; several nest. Kernel: `drm_sched_wqueue_stop`. */
  pause(): Disposable {
    return this.#state.pause();
  }

  /** Nothing more may be armed or pushed (`ECANCELED`). What was pushed still runs; what is armed only fails. */
  close(): void {
    this.#state.close();
  }

  /**
   * Gives up all jobs: what waits fails, what runs is asked to stop through `job.signal`. The queue goes on.
   *
   * @param error what the fences fail with; `ECANCELED` by default.
   * @throws FenceError `EINVAL` for an unknown code.
   */
  cancel(error: FenceErrorCode | Error = 'ECANCELED'): void {
    this.#state.cancelAll(error);
  }

  /** `close()`, then `cancel()`. Kernel: `drm_sched_fini`. */
  [Symbol.dispose](): void {
    // Together, so that nothing begins in between.
    decide(() => {
      this.close();
      this.cancel();
    });
  }

  /** `close()`, then `idle()`: what was pushed runs to its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.idle();
  }
}
