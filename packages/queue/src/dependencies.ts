import {
  isDmaFence,
  SyncObject,
  traceDependency,
  type DmaFence,
  type DmaFenceContext,
  type FenceCallback,
  type FenceError,
  type SyncObjectPoint,
} from '@dma-fence/core';
import {
  failureOfFence,
  fenceOfRecord,
  producerRecord,
  unfitArgument,
  refusal,
  whenSubmitted,
  type FenceFailure,
} from '@dma-fence/core/producer';
import type { JobDependency } from './job.js';
import { JobState } from './job-state.js';
import { enter, leave } from './turn.js';

/** A point that nobody has submitted yet. */
export class PointDependency {
  readonly syncObject: SyncObject;
  readonly point: number;
  #waiting: Disposable | undefined = undefined;

  constructor(syncObject: SyncObject, point: number) {
    this.syncObject = syncObject;
    this.point = point;
  }

  follow(job: JobState): void {
    this.#waiting = whenSubmitted(this.syncObject, this.point, {
      arrived: (fence) => {
        const outer = enter();
        this.#waiting = undefined;
        if (!job.decided) {
          const finished = job.ownFinishedIfAny();
          if (finished !== undefined) traceDependency(finished, fence);
          const record = follow(job, fence, decides);
          if (record === undefined) job.dependencyOver(fence.error);
          else job.follows(record, false);
        }
        leave(outer);
      },
      canceled: (error) => {
        const outer = enter();
        this.#waiting = undefined;
        if (!job.decided) job.dependencyOver(error);
        leave(outer);
      },
    });
  }

  get pending(): boolean {
    return this.#waiting !== undefined;
  }

  stop(): void {
    this.#waiting?.[Symbol.dispose]();
    this.#waiting = undefined;
  }
}

/** Something that a job depends on, before it is armed: fences with a reference of our own. */
export type Awaited = DmaFence | JobState | PointDependency;

/** What is followed while the job waits. */
export type Followed = FenceCallback<JobState> | JobState | PointDependency;

/** Checks what a job is to depend on, and takes a reference to a fence. */
export function awaitedOf(job: JobState, on: JobDependency): Awaited {
  if (isDmaFence(on)) {
    const { data } = on;
    if (data instanceof JobState && data.isFinished(on)) return armed(job, data);
    return on.get();
  }
  if (on instanceof JobState) return armed(job, on);
  const { syncObject, point = 0 } = (on as Partial<SyncObjectPoint> | null | undefined) ?? {};
  if (!(syncObject instanceof SyncObject)) {
    throw unfitArgument(job, 'a dependency', 'a fence, a job or { syncObject, point }', on);
  }
  return syncObject.fence(point) ?? new PointDependency(syncObject, point);
}

function armed(job: JobState, on: JobState): JobState {
  if (on === job) throw refusal(job, 'cannot depend on itself; name another job');
  if (!on.armed) throw refusal(job, `depends on ${on.who}, which is not armed yet; arm() or submit it first`);
  return on;
}

/** Gives back what a job that is never armed would have waited for. */
export function dropAwaited(list: readonly Awaited[]): void {
  for (const one of list) if (isDmaFence(one)) putHeld(one);
}

/** Puts a reference of ours; an extra put by somebody else must harm their fence only. */
export function putHeld(fence: DmaFence): void {
  // eslint-disable-next-line dma-fence/no-put-borrowed -- each caller says whose reference it is.
  if (fence.refCount > 0) fence.put();
}

/**
 * Begins to follow what a job depends on.
 *
 * Of one context the last decides when; the error of every one counts. `users` are only waited for.
 */
export function followAll(job: JobState, list: readonly Awaited[], users: readonly DmaFence[]): void {
  const traced = job.ownFinishedIfAny();
  let first: FenceFailure | undefined;
  const note = (failure: FenceFailure | undefined): void => {
    if (failure !== undefined && (first === undefined || failure.order < first.order)) first = failure;
  };
  const fences: DmaFence[] = [];
  for (const one of new Set(list)) {
    if (one instanceof PointDependency) {
      job.follows(one, true);
      one.follow(job);
    } else if (one instanceof JobState && followsDirectly(job, one)) {
      if (traced !== undefined) traceDependency(traced, one.ownFinished());
      if (one.told) note(one.failure);
      else job.followJob(one);
    } else {
      fences.push(one instanceof JobState ? one.ownFinished().get() : one);
    }
  }
  const latest = latestOf(fences, users);
  for (const fence of fences) {
    if (traced !== undefined) traceDependency(traced, fence);
    const last = latest === undefined || latest.get(fence.context) === fence;
    const record = job.decided ? undefined : follow(job, fence, last ? decides : watches);
    if (record === undefined) note(failureOfFence(fence));
    else job.follows(record, last);
    putHeld(fence);
  }
  for (const fence of users) {
    if (job.decided || latest?.get(fence.context) !== fence || fences.includes(fence)) continue;
    if (traced !== undefined) traceDependency(traced, fence);
    const record = fence.refCount === 0 ? undefined : follow(job, fence, decidesOnly);
    if (record !== undefined) job.follows(record, true);
  }
  if (first !== undefined) job.dependencyFailed(first.error);
}

/** Whether the other job can tell us itself: it has a context of its own, or the same ring keeps the order. */
function followsDirectly(job: JobState, on: JobState): boolean {
  return on.stream === undefined || (on.stream === job.stream && on.stream.ordered);
}

/** The last fence of each context; undefined where there is one fence alone. */
function latestOf(
  fences: readonly DmaFence[],
  users: readonly DmaFence[],
): Map<DmaFenceContext, DmaFence> | undefined {
  if (fences.length < 2 && users.length === 0) return undefined;
  const latest = new Map<DmaFenceContext, DmaFence>();
  for (const fence of [...fences, ...users]) {
    const known = latest.get(fence.context);
    if (known === undefined || fence.seqno > known.seqno) latest.set(fence.context, fence);
  }
  return latest;
}

type Run = FenceCallback<JobState>['run'];

/** Hangs a record with a reference of its own on a fence; undefined if that is over. */
function follow(job: JobState, fence: DmaFence, run: Run): FenceCallback<JobState> | undefined {
  if (fence.signaled || fence.refCount === 0) return undefined;
  const record = producerRecord(run, job);
  if (!fence.addCallback(record)) return undefined;
  // eslint-disable-next-line dma-fence/no-floating-fence -- the record's, put when it runs or by `unfollow`.
  fence.get();
  return record;
}

/** It decides when. */
const decides: Run = (fence, { data }) => {
  over(data, fence, true);
};

/** Another of its context decides when, its error counts. */
const watches: Run = (fence, { data }) => {
  over(data, fence, false);
};

/** It decides when, its error does not count. */
const decidesOnly: Run = (fence, { data }) => {
  const outer = enter();
  putHeld(fence);
  data.dependencyOver(undefined);
  leave(outer);
};

function over(job: JobState, fence: DmaFence, counts: boolean): void {
  const outer = enter();
  const error: FenceError | undefined = fence.error;
  if (counts) {
    if (error === undefined) job.dropWatches(fence.context);
    job.dependencyOver(error);
  } else if (error !== undefined) {
    job.dependencyFailed(error);
  }
  putHeld(fence);
  leave(outer);
}

/** Stops to follow something. */
export function unfollow(followed: Followed): void {
  if (followed instanceof PointDependency) followed.stop();
  else if (followed instanceof JobState) followed.dropDependent();
  else {
    const fence = fenceOfRecord(followed);
    if (fence === undefined) return;
    followed[Symbol.dispose]();
    putHeld(fence);
  }
}

/** Whether a record only watches a fence of that context for its error. */
export function watchesIn(followed: Followed, context: DmaFenceContext): boolean {
  return 'run' in followed && followed.run === watches && fenceOfRecord(followed)?.context === context;
}
