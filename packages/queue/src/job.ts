import type { Borrowed, DmaFence, FenceErrorCode, SyncObjectPoint, WaitOptions } from '@dma-fence/core';
import type { JobEntity } from './job-entity.js';
import type { JobQueue } from './job-queue.js';

/**
 * What a job's `result()` resolves with: what its work returned, awaited; `undefined` for work that returned a fence.
 *
 * @example The result of a function
 * ```ts
 * import type { JobResult } from '@dma-fence/queue';
 *
 * const read = (): Promise<string> => Promise.resolve('text');
 * const text: JobResult<ReturnType<typeof read>> = 'text';
 * ```
 */
export type JobResult<W> = Awaited<W> extends infer V ? (V extends DmaFence ? undefined : V) : never;

/**
 * How urgent a job is; `normal` by default, `kernel` before all others.
 *
 * @example A preview before the export
 * ```ts
 * import type { JobPriority } from '@dma-fence/queue';
 *
 * const preview: JobPriority = 'high';
 * ```
 */
export type JobPriority = 'low' | 'normal' | 'high' | 'kernel';

/**
 * Where a job stands. `failed` as soon as it is certain that a job which has not begun never will.
 *
 * @example Show it
 * ```ts
 * import type { Job, JobStatus } from '@dma-fence/queue';
 *
 * const done: readonly JobStatus[] = ['finished', 'failed'];
 * const isOver = (job: Job): boolean => done.includes(job.status);
 * ```
 */
export type JobStatus = 'prepared' | 'armed' | 'waiting' | 'running' | 'finished' | 'failed';

/**
 * What a job may depend on: a fence, a point of a sync object, or another job, which stands for its `finished` fence.
 *
 * @example Two of the kinds
 * ```ts
 * import { SyncObject } from '@dma-fence/core';
 * import type { Job, JobDependency } from '@dma-fence/queue';
 *
 * const after = (job: Job, uploads: SyncObject): JobDependency[] => [job, { syncObject: uploads, point: 3 }];
 * ```
 */
export type JobDependency = DmaFence | SyncObjectPoint | Job;

/**
 * How a job is made. All optional.
 *
 * @example After another, with a limit
 * ```ts
 * import type { Job, JobOptions } from '@dma-fence/queue';
 *
 * const options = (decoded: Job): JobOptions => ({ name: 'resize', after: [decoded], timeoutMs: 2000 });
 * ```
 */
export interface JobOptions {
  /** What messages, dumps and traces call it; `job 1`, `job 2` … by default. */
  name?: string | undefined;
  /** Whatever you want to find again in `job.data`. */
  data?: unknown;
  /** Before that of its entity, which is the default. It has no effect in an ordered queue. */
  priority?: JobPriority | undefined;
  /** How many of the queue's credits it takes while it runs; 1 by default. 0 takes none, so it always fits. */
  credits?: number | undefined;
  /** What must be over before it begins; borrowed. Taken as a snapshot: what is there when the job is made. */
  after?: Iterable<JobDependency> | undefined;
  /**
   * What happens when something in `after` fails. `fail`, the default: the job never runs, and its `finished` fails at once
   * with that very error. `run`: it runs all the same.
   */
  onDependencyError?: 'fail' | 'run' | undefined;
  /** How long it may run, in ms above 0; the queue's by default, `Infinity` for no limit. */
  timeoutMs?: number | undefined;
  /** When the result is wanted, in ms on the `performance.now()` clock: the nearer one begins first among equal priorities. */
  deadline?: number | undefined;
  /** Cancels the job when it aborts. */
  signal?: AbortSignal | undefined;
}

/**
 * A piece of work in a queue. It ends in a fence that anything else can depend on.
 *
 * `submit` returns it; you may ignore it. If you use its fences, dispose of it when you are done (`using job = …`), or they
 * count as held.
 *
 * @example Depend on it, and read its result
 * ```ts
 * import { JobQueue } from '@dma-fence/queue';
 *
 * const queue = new JobQueue({ driverName: 'app', timelineName: 'pictures', credits: 4 });
 * const decoded = queue.submit(() => 'pixels');
 * const saved = queue.submit(async () => `${await decoded.result()} saved`, { after: [decoded] });
 * await saved.result(); // 'pixels saved'
 * ```
 */
export interface Job<R = unknown> extends Disposable {
  /** What messages, dumps and traces call it. */
  readonly name: string;
  /** As given in its options. */
  readonly data: unknown;
  /** The queue it belongs to. */
  readonly queue: JobQueue;
  /** The stream it belongs to, if any. */
  readonly entity: JobEntity | undefined;
  /** How many of the queue's credits it takes while it runs. */
  readonly credits: number;
  /** Where it stands. */
  readonly status: JobStatus;
  /** Signals when the job begins, or fails when it never will; borrowed. Throws `EINVAL` before `arm()`. Kernel: `drm_sched_fence.scheduled`. */
  readonly scheduled: Borrowed;
  /** Signals when the job is over, or fails; borrowed. Throws `EINVAL` before `arm()`. Kernel: `drm_sched_fence.finished`. */
  readonly finished: Borrowed<DmaFence<Job<R>>>;
  /** Aborts when the job is canceled while it runs, and when its time is over. For the work to hand on, to `fetch` for instance. */
  readonly signal: AbortSignal;
  /**
   * Adds something that must be over before the job begins.
   *
   * @param on borrowed; a reference is taken.
   * @throws FenceError `EINVAL` after `arm()`, for itself, for a job that is not armed, and for anything else.
   * Kernel: `drm_sched_job_add_dependency`.
   */
  addDependency(on: JobDependency): void;
  /**
   * The job gets its place in its stream, and its fences exist: from now on only `push` can refuse it.
   *
   * @throws FenceError `EINVAL` the second time, `ECANCELED` once the queue or entity is closed. Kernel: `drm_sched_job_arm`.
   */
  arm(): void;
  /**
   * The job may begin. If it can, it has begun when this returns.
   *
   * @throws FenceError `EBUSY` while as many jobs wait as may (it stays armed), `ECANCELED` once the queue or entity is closed,
   * `EINVAL` before `arm()` and the second time. Kernel: `drm_sched_entity_push_job`.
   */
  push(): void;
  /**
   * Gives the job up. One that has not begun never begins; one that runs is asked to stop through its `signal`.
   *
   * @param error what its fences fail with; `ECANCELED` by default.
   * @returns whether this call decided what becomes of the job: false for one that runs or is over.
   * @throws FenceError `EINVAL` for an unknown code.
   */
  cancel(error?: FenceErrorCode | Error): boolean;
  /**
   * Says that the work of a job that has begun is known to be gone, a killed worker for instance: it gives its credits back.
   *
   * @param error what `finished` fails with unless it is over; `ECANCELED` by default, inside `onTimeout` `ETIME`.
   * @throws FenceError `EINVAL` before the job has begun, and for an unknown code.
   */
  abandon(error?: FenceErrorCode | Error): void;
  /**
   * Waits for the result.
   *
   * @param options as for `DmaFence.wait`.
   * @returns a promise for what the work returned; rejects with exactly what the work threw, else with `finished.error`; with
   * `ETIME`, `signal.reason` or `EINVAL` as every wait. It also settles after the job was disposed of.
   */
  result(options?: WaitOptions): Promise<R>;
  /** Puts its fences. The job goes on, unless it was never pushed: then it is canceled. */
  [Symbol.dispose](): void;
}
