import type { JobState } from './job-state.js';

/** Where a job stands: nowhere, in the heap at an index from 0, or in the lane of its priority from -2 downwards. */
export const NOWHERE = -1;

/** Jobs of one priority without deadline, in the order in which they were pushed. */
class Lane {
  items: (JobState | undefined)[] = [];
  head = 0;
  /** How many places were given up at the front: a place is a number that stays. */
  dropped = 0;
  last = -1;

  add(job: JobState): void {
    job.place = -2 - (this.dropped + this.items.length);
    this.items.push(job);
    this.last = job.order;
  }

  remove(job: JobState): void {
    this.items[-2 - job.place - this.dropped] = undefined;
  }

  /** The first one; holes are left by jobs that were taken out. */
  first(): JobState | undefined {
    const { items } = this;
    while (this.head < items.length) {
      const job = items[this.head];
      if (job !== undefined) return job;
      this.head++;
    }
    if (this.head > 0) this.#drop();
    return undefined;
  }

  shift(): void {
    this.items[this.head++] = undefined;
    if (this.head > 64 && this.head * 2 > this.items.length) this.#drop();
  }

  #drop(): void {
    this.dropped += this.head;
    this.items = this.items.slice(this.head);
    this.head = 0;
  }
}

/**
 * Jobs that may begin as soon as there is room: the one with the highest priority first, then the nearest deadline, then the one
 * that was pushed first.
 *
 * Most have no deadline and become ready in the order in which they were pushed: those stand in a lane for each priority, the
 * others in a heap.
 */
export class Ready {
  readonly #lanes: readonly Lane[] = [new Lane(), new Lane(), new Lane(), new Lane()];
  readonly #heap: JobState[] = [];
  #inLanes = 0;

  add(job: JobState): void {
    const lane = this.#lanes[job.rank] as Lane;
    if (job.soonest === Infinity && job.order > lane.last) {
      lane.add(job);
      this.#inLanes++;
    } else {
      this.#place(job, this.#heap.push(job) - 1);
      this.#up(job);
    }
  }

  /** Takes a job out, wherever it stands; called before its priority or deadline changes. */
  remove(job: JobState): void {
    const { place } = job;
    if (place === NOWHERE) return;
    if (place < 0) {
      (this.#lanes[job.rank] as Lane).remove(job);
      job.place = NOWHERE;
      this.#inLanes--;
      return;
    }
    job.place = NOWHERE;
    const last = this.#heap.pop() as JobState;
    if (last === job) return;
    this.#place(last, place);
    this.#up(last);
    this.#down(last);
  }

  /** The one that begins next; it stays. */
  first(): JobState | undefined {
    const [soonest] = this.#heap;
    if (this.#inLanes === 0) return soonest;
    for (let rank = 3; rank >= 0; rank--) {
      const first = (this.#lanes[rank] as Lane).first();
      if (first === undefined) continue;
      return soonest !== undefined && before(soonest, first) ? soonest : first;
    }
    return soonest;
  }

  /** Takes out what `first` has answered. */
  shift(job: JobState): void {
    if (job.place >= 0) {
      this.remove(job);
      return;
    }
    job.place = NOWHERE;
    this.#inLanes--;
    (this.#lanes[job.rank] as Lane).shift();
  }

  #place(job: JobState, index: number): void {
    this.#heap[index] = job;
    job.place = index;
  }

  #up(job: JobState): void {
    const heap = this.#heap;
    let index = job.place;
    while (index > 0) {
      const parent = heap[(index - 1) >> 1] as JobState;
      if (!before(job, parent)) break;
      this.#place(parent, index);
      index = (index - 1) >> 1;
    }
    this.#place(job, index);
  }

  #down(job: JobState): void {
    const heap = this.#heap;
    let index = job.place;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child =
        right < heap.length && before(heap[right] as JobState, heap[left] as JobState) ? right : left;
      const smaller = heap[child] as JobState;
      if (!before(smaller, job)) break;
      this.#place(smaller, index);
      index = child;
    }
    this.#place(job, index);
  }
}

/** Whether one job begins before another when both could. */
function before(one: JobState, other: JobState): boolean {
  if (one.rank !== other.rank) return one.rank > other.rank;
  if (one.soonest !== other.soonest) return one.soonest < other.soonest;
  return one.order < other.order;
}
