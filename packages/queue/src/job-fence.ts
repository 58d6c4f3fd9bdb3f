import type { Borrowed, DmaFence, DmaFenceContext, DriverFence, Owned } from '@dma-fence/core';
import { createFenceIn, failWithFailure, overFence, type FenceFailure } from '@dma-fence/core/producer';
import type { JobState } from './job-state.js';

/** How a fence was told. */
export interface Told {
  readonly failure: FenceFailure | undefined;
}

/**
 * One of the two fences of a job.
 *
 * Until it is told, one reference is the queue's. The job has another one once its owner has asked for the fence, until they
 * dispose of the job. A fence that is asked for when nobody held it any more is made again, as it was.
 */
export class JobFence {
  #fence: DriverFence<JobState> | undefined = undefined;
  /** The reference that the job holds for its owner. */
  #held: Owned<DmaFence<JobState>> | undefined = undefined;

  /** The fence as it is, for us; undefined if nobody has asked for it. */
  get fence(): Borrowed<DriverFence<JobState>> | undefined {
    return this.#fence;
  }

  /** Makes it while it has not been told. */
  make(job: JobState, context: DmaFenceContext): Borrowed<DriverFence<JobState>> {
    return (this.#fence ??= createFenceIn(context, job));
  }

  /** The fence for the job's owner; `told` is how it ended, if it has. */
  ask(job: JobState, context: DmaFenceContext, told: Told | undefined): Borrowed<DmaFence<JobState>> {
    if (this.#held !== undefined) return this.#held;
    const fence = told === undefined ? this.make(job, context) : this.#fence;
    if (fence !== undefined && fence.refCount > 0) {
      if (!job.disposed) this.#held = fence.get();
      return fence;
    }
    // Gone by somebody's extra put; or with the job, and can still be read.
    if (fence !== undefined && (told === undefined || job.disposed)) return fence;
    this.#held = overFence(fence?.context ?? context, fence?.seqno ?? 1, job, told?.failure);
    // It is over, so that nobody signals it.
    this.#fence = this.#held as DriverFence<JobState>;
    if (job.disposed) this.letGo(job);
    return this.#fence;
  }

  /** Signals it, and gives the queue's reference back. */
  tell(job: JobState, failure: FenceFailure | undefined): void {
    const fence = this.#fence;
    // Somebody may have put a reference that was not theirs.
    if (fence === undefined || fence.refCount === 0) return;
    if (failure === undefined) fence.signal();
    else failWithFailure(fence, failure);
    job.put(fence);
  }

  /** Gives the owner's reference back. */
  letGo(job: JobState): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) job.put(held);
  }
}
