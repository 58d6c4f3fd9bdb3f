import type { SpanContext } from '@opentelemetry/api';
import type { FenceRecord } from './fence-record.js';

/** How far from the end the place of a fence is searched that was created out of order. */
const STEPS = 64;

/** A fence that was given up, by what can be said of it without keeping it. */
interface GivenUp {
  readonly name: string;
  readonly record?: undefined;
  readonly span: SpanContext | undefined;
}

/**
 * The pending fences of one context in the order of their numbers, which is the order in which they are to signal: the oldest
 * one holds up all others.
 *
 *     oldest                       newest
 *     [ 4 ] ⇄ [ 5 ] ⇄ [ 6 ] ⇄ … ⇄ [ 9 ]
 *
 * Contexts whose fences signal in any order exist. There a fence that a later one has overtaken waits for no other.
 */
export class Queue {
  oldest: FenceRecord | undefined = undefined;
  /** Since when that one is the oldest; where it was created later, it is not so old. */
  oldestSince: number = Number.NEGATIVE_INFINITY;
  /** What was given up while it was the oldest. It is still pending, so it still holds up the others. */
  givenUp: GivenUp | undefined = undefined;
  #newest: FenceRecord | undefined = undefined;
  /** The highest number that has succeeded before an older one was over. */
  #overtaken = -Infinity;

  add(record: FenceRecord): void {
    const newest = this.#newest;
    if (newest === undefined) {
      this.oldest = this.#newest = record;
    } else if (newest.fence.seqno < record.fence.seqno) {
      record.older = newest;
      newest.newer = record;
      this.#newest = record;
    } else this.#insert(record);
  }

  #insert(record: FenceRecord): void {
    const before = this.#placeOf(record.fence.seqno);
    const after = before === undefined ? this.oldest : before.newer;
    record.older = before;
    record.newer = after;
    if (before === undefined) this.oldest = record;
    else before.newer = record;
    if (after === undefined) this.#newest = record;
    else after.older = record;
  }

  /** It signaled, or is given up. */
  remove(record: FenceRecord, at: number): void {
    const { older, newer } = record;
    if (older === undefined) {
      this.oldest = newer;
      this.oldestSince = at;
    } else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    if (older !== undefined) record.older = undefined;
    if (newer !== undefined) record.newer = undefined;
  }

  /** One of its fences has signaled; to be told before it is removed. */
  signaled(record: FenceRecord): void {
    this.givenUp = undefined;
    if (record.older === undefined) return;
    const { fence } = record;
    // A failure may come early: what was canceled in the queue overtakes nothing.
    if (fence.status === 'signaled') this.#overtaken = Math.max(this.#overtaken, fence.seqno);
  }

  /** Whether the order of its context lets it wait for the fences before it. */
  holds({ fence }: FenceRecord): boolean {
    return fence.seqno > this.#overtaken;
  }

  /** Behind which one a fence of that number belongs. */
  #placeOf(seqno: number): FenceRecord | undefined {
    if (this.oldest === undefined || this.oldest.fence.seqno > seqno) return undefined;
    let place = this.#newest;
    for (let step = 0; step < STEPS && place !== undefined && place.fence.seqno > seqno; step++)
      place = place.older;
    return place;
  }
}
