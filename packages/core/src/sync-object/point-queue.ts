import type { Fence } from '../fence/fence.js';
import { Heap, type Heaped } from '../heap.js';

/** Somebody who waits for a point of a sync object to come. */
export interface PointWaiter extends Heaped {
  readonly point: number;
  /** When it came, among those that wait for the same point; kept by the queue. */
  turn: number;
  /**
   * The point is there.
   *
   * @consumes fence
   */
  arrived(fence: Fence): void;
  /** It never will be, or cannot be told any more. */
  refuse(error: unknown): void;
}

/** A waiter that is in no queue yet. */
export const UNQUEUED = { place: -1, turn: 0 } as const;

/** Who waits for which point, the lowest first, in order of arrival where points are equal. */
export class PointQueue {
  readonly #waiters = new Heap<PointWaiter>(precedes);
  #turns = 0;

  get first(): PointWaiter | undefined {
    return this.#waiters.first;
  }

  add(waiter: PointWaiter): void {
    waiter.turn = ++this.#turns;
    this.#waiters.add(waiter);
  }

  remove(waiter: PointWaiter): void {
    this.#waiters.remove(waiter);
  }

  /** Takes all out, in order. */
  clear(): PointWaiter[] {
    return this.#waiters.clear().sort((one, other) => (precedes(one, other) ? -1 : 1));
  }
}

function precedes(one: PointWaiter, other: PointWaiter): boolean {
  return one.point === other.point ? one.turn < other.turn : one.point < other.point;
}
