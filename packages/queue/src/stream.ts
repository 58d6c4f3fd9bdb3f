import type { DmaFenceContext } from '@dma-fence/core';
import type { JobEntity } from './job-entity.js';
import type { JobState } from './job-state.js';
import type { QueueState } from './queue-state.js';
import type { Settling } from './settling.js';
import { kick, toSettle } from './turn.js';

/**
 * Jobs whose fences keep their order: those of an entity, one after the other, or of an ordered queue, several in flight.
 *
 *     jobs:  [ over ][ begun ][ begun ][ dead ][ waiting ][ armed ]
 *                     ▲ finished        ▲ begun            in the order in which they were armed
 *
 * `#begun` is the first whose `scheduled` has not been told, `#finished` the first whose `finished` has not.
 */
export class Stream implements Settling {
  readonly queue: QueueState;
  /** Undefined for the ring of an ordered queue. */
  readonly entity: JobEntity | undefined;
  readonly scheduledContext: DmaFenceContext;
  readonly finishedContext: DmaFenceContext;
  /** The priority of jobs that have none of their own. */
  rank = 1;
  waiting = 0;
  closed = false;
  /** Of an entity: the job that has begun and has not really ended. */
  current: JobState | undefined = undefined;
  #jobs: JobState[] = [];
  #begun = 0;
  #finished = 0;
  #telling = false;

  constructor(queue: QueueState, name: string | undefined, entity: JobEntity | undefined) {
    this.queue = queue;
    this.entity = entity;
    this.finishedContext = queue.newContext(name);
    this.scheduledContext = queue.newContext(name, 'scheduled');
  }

  get ordered(): boolean {
    return this.entity === undefined;
  }

  add(job: JobState): void {
    this.#jobs.push(job);
  }

  /** The next job, if it may begin now. */
  candidate(): JobState | undefined {
    if (this.current !== undefined) return undefined;
    const first = this.first();
    return first?.isReady === true ? first : undefined;
  }

  /** The first job that may still begin some time. */
  first(): JobState | undefined {
    for (let at = this.#begun; ; at++) {
      const job = this.#jobs[at];
      if (job?.dead !== true && job?.begun !== true) return job;
    }
  }

  /** The job that `job` stands behind. */
  predecessor(job: JobState): JobState | undefined {
    return this.current ?? this.#jobs[this.#jobs.indexOf(job) - 1];
  }

  /** Something has changed: the next job may be able to begin. */
  update(): void {
    const job = this.candidate();
    if (job === undefined) return;
    if (!this.ordered) this.queue.enqueue(job);
    kick(this.queue);
  }

  began(job: JobState): void {
    if (!this.ordered) this.current = job;
    toSettle(this);
  }

  /** Tells what can be told, in order; called again from what it tells, it goes on where it is. */
  settle(): void {
    if (this.#telling) return;
    this.#telling = true;
    while (this.#tellNext());
    this.#telling = false;
    if (this.#finished * 2 >= this.#jobs.length) {
      this.#jobs = this.#jobs.slice(this.#finished);
      this.#begun -= this.#finished;
      this.#finished = 0;
    }
    this.update();
  }

  #tellNext(): boolean {
    const begins = this.#jobs[this.#begun];
    if (begins !== undefined && (begins.begun || begins.dead)) {
      this.#begun++;
      begins.tellScheduled();
      return true;
    }
    const ends = this.#jobs[this.#finished];
    if (ends === undefined || this.#finished >= this.#begun || !ends.decided) return false;
    this.#finished++;
    ends.tellFinished();
    return true;
  }

  reprioritise(rank: number): void {
    const { queue } = this;
    const queued = this.#jobs.find(({ place }) => place !== -1);
    if (queued !== undefined) queue.ready.remove(queued);
    this.rank = rank;
    if (queued !== undefined) queue.ready.add(queued);
    kick(queue);
  }

  free(): void {
    // Jobs give back their credits themselves.
  }
}
