import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { FenceRecord, GivenUpFence } from './fence-record.js';
import { clearTimer, now, setTimer } from './platform.js';
import { isStalled, standingOf, type Standing } from './standing.js';

interface List {
  head: FenceRecord | undefined;
  tail: FenceRecord | undefined;
}

/** Who is told of fences that do not signal. */
export interface PendingWatcher {
  /** It is pending after `pendingAfterMs`; or it is seen to be stalled, and again at each doubling of its age. */
  mark(record: FenceRecord, at: number, standing: Standing, stalled: boolean): void;
  /** After `hangAfterMs`, once; it is out of the lists by age then, and still in its queue. */
  abandon(record: FenceRecord, at: number, standing: Standing): void;
}

/** The part of `pendingAfterMs` for which it must have stood still: it may have waited for others before. */
const STILL = 0.5;

/** So many ages of fences that were given up are kept: an application that leaks fences does not leak them here. */
const MOST_GIVEN_UP = 1024;

/** How often, in the time that makes a fence stalled, those are looked at that could become so. */
const LOOKS = 4;

/**
 * The fences that have not signaled, by age, and one timer for all of them.
 *
 * A list for each number of times that a fence was due; in each the oldest comes first, and no fence is older than one of the
 * next list:
 *
 *     due 0 times: [ 4.9 s ] [ 3 s ] [ 1 ms ]     due at pendingAfterMs
 *     due once:    [ 8 s ] [ 6 s ]                due at pendingAfterMs × 2
 *
 * Besides, each is in the `Queue` of its context, whose oldest fence holds up the others. Of those that are past
 * `pendingAfterMs` and are held up by no queue, the ones that are not stalled yet are looked at in between.
 *
 * Holds its fences strongly, hence no longer than `hangAfterMs`.
 */
export class PendingFences {
  readonly #pendingAfterMs: number;
  readonly #stalledAfterMs: number;
  readonly #hangAfterMs: number;
  /** At which age something is due for the first time. */
  readonly #firstDueMs: number;
  readonly #watcher: PendingWatcher;
  readonly #lists: List[] = [{ head: undefined, tail: undefined }];
  /** Marked, first of their queue, and not stalled: what they wait for may be over at any time. */
  readonly #watched = new Set<FenceRecord>();
  /** What was given up and has not signaled since, the oldest first; of many, those that came first. */
  readonly #givenUp = new Set<GivenUpFence>();
  #lookAt = Infinity;
  #timer: unknown = undefined;
  #timerAt = Infinity;

  constructor(ages: { pendingAfterMs: number; hangAfterMs: number }, watcher: PendingWatcher) {
    this.#pendingAfterMs = ages.pendingAfterMs;
    this.#stalledAfterMs = ages.pendingAfterMs * STILL;
    this.#hangAfterMs = ages.hangAfterMs;
    this.#firstDueMs = Math.min(ages.pendingAfterMs, ages.hangAfterMs);
    this.#watcher = watcher;
  }

  /** A fence was created. */
  add(record: FenceRecord): void {
    this.#append(record, 0);
    record.lane.queue.add(record);
    const due = record.start + this.#firstDueMs;
    if (due < this.#timerAt) this.#arm(due);
  }

  /** It signaled; harmless for one that is in no list. */
  remove(record: FenceRecord, at: number): void {
    if (record.level < 0) return;
    this.#unlink(record);
    this.#leaveQueue(record, at);
  }

  /** When the oldest one was created, also if it was given up. */
  get oldest(): number | undefined {
    for (const { start } of this.#givenUp) return start;
    return this.#lists.findLast((list) => list.head !== undefined)?.head?.start;
  }

  /** One that was given up is pending no more. */
  forget({ givenUp }: FenceRecord): void {
    if (givenUp !== undefined) this.#givenUp.delete(givenUp);
  }

  /** All, safe against removal of the one just given. */
  *[Symbol.iterator](): IterableIterator<FenceRecord> {
    for (const list of this.#lists.toReversed()) {
      let record = list.head;
      while (record !== undefined) {
        const { next } = record;
        yield record;
        record = next;
      }
    }
  }

  /** Stops the timer; what is in the lists stays there. */
  stop(): void {
    if (this.#timer !== undefined) clearTimer(this.#timer);
    this.#timer = undefined;
    this.#timerAt = Infinity;
  }

  #append(record: FenceRecord, level: number): void {
    while (this.#lists.length <= level) this.#lists.push({ head: undefined, tail: undefined });
    const list = this.#lists[level] as List;
    record.level = level;
    record.previous = list.tail;
    if (list.tail === undefined) list.head = record;
    else list.tail.next = record;
    list.tail = record;
  }

  #unlink(record: FenceRecord): void {
    const list = this.#lists[record.level] as List;
    if (record.previous === undefined) list.head = record.next;
    else record.previous.next = record.next;
    if (record.next === undefined) list.tail = record.previous;
    else record.next.previous = record.previous;
    record.previous = record.next = undefined;
    record.level = -1;
  }

  #leaveQueue(record: FenceRecord, at: number): void {
    const { queue } = record.lane;
    const was = queue.oldest;
    queue.remove(record, at);
    if (this.#watched.size > 0) this.#watched.delete(record);
    const { oldest } = queue;
    // It was held up until now, and marked so.
    if (oldest !== undefined && oldest.level > 0 && oldest !== was)
      this.#watch(oldest, at + this.#stalledAfterMs);
  }

  #due({ start, level }: FenceRecord): number {
    return start + Math.min(this.#pendingAfterMs * 2 ** level, this.#hangAfterMs);
  }

  /** A moment at which a fence might be stalled. */
  #watch(record: FenceRecord, at: number): void {
    if (record.stalled) return;
    this.#watched.add(record);
    if (at >= this.#lookAt) return;
    this.#lookAt = at;
    if (at < this.#timerAt) this.#arm(at);
  }

  #arm(at: number): void {
    this.stop();
    if (at === Infinity) return;
    this.#timerAt = at;
    // Whoever happens to run now is not to be kept alive by our timer.
    this.#timer = context.with(ROOT_CONTEXT, () =>
      setTimer(
        () => {
          this.#sweep();
        },
        Math.ceil(at - now()),
      ),
    );
  }

  /** Tells of all that are due, the oldest first, so that the order of the lists stays right. */
  #sweep(): void {
    this.stop();
    const at = now();
    for (let level = this.#lists.length - 1; level >= 0; level--) {
      const list = this.#lists[level] as List;
      for (let record = list.head; record !== undefined && this.#due(record) <= at; record = list.head) {
        this.#unlink(record);
        const standing = standingOf(record);
        if (record.start + this.#hangAfterMs <= at) {
          this.#showObstacles(record, standing, at);
          this.#watcher.abandon(record, at, standing);
          this.#leaveQueue(record, at);
          this.#giveUp(record);
        } else {
          this.#append(record, this.#levelAt(at - record.start));
          this.#mark(record, at, standing, level === 0);
        }
      }
    }
    if (this.#lookAt <= at) this.#look(at);
    let next = this.#lookAt;
    for (const { head } of this.#lists) if (head !== undefined) next = Math.min(next, this.#due(head));
    this.#arm(next);
  }

  #giveUp(record: FenceRecord): void {
    const { fence, start, lane } = record;
    // A processor may have signaled it when its span ended.
    if (fence.signaled) return;
    record.givenUp = { start };
    if (this.#givenUp.size < MOST_GIVEN_UP) this.#givenUp.add(record.givenUp);
    const { series } = lane;
    if (series === undefined) return;
    series.pending--;
    series.abandoned++;
    series.gaveUp = true;
  }

  #mark(record: FenceRecord, at: number, standing: Standing, first: boolean): void {
    const stalled = isStalled(standing, at, this.#stalledAfterMs);
    if (stalled) {
      record.stalled = true;
      this.#watched.delete(record);
    } else if (standing.queuedBehind === undefined) {
      this.#watch(record, this.#nextLook(standing, at));
    }
    // What waits for others has no news until it does not: only the stalled ones repeat themselves.
    if (!stalled && !(first && record.marker === undefined)) return;
    this.#showObstacles(record, standing, at);
    this.#watcher.mark(record, at, standing, stalled);
  }

  /**
   * Shows what a fence waits for before the fence itself, and what that waits for before that: links then lead to what a backend has,
   * also where the younger one holds up the older.
   */
  #showObstacles(own: FenceRecord, standing: Standing, at: number): void {
    const found = new Map<FenceRecord, Standing>();
    const follow = ({ blockedBy, queuedBehind }: Standing): void => {
      for (const record of [blockedBy?.record, queuedBehind?.record]) {
        if (record === undefined || record === own || record.owner !== own.owner) continue;
        if (record.level < 0 || record.marker !== undefined || found.has(record)) continue;
        found.set(record, standingOf(record));
      }
    };
    follow(standing);
    // A map goes on to what is added meanwhile.
    for (const next of found.values()) follow(next);
    for (const [record, itsStanding] of [...found].reverse()) {
      this.#watcher.mark(record, at, itsStanding, false);
    }
  }

  /** Looks at those that could be stalled by now. */
  #look(at: number): void {
    this.#lookAt = Infinity;
    let next = Infinity;
    for (const record of this.#watched) {
      const standing = standingOf(record);
      if (isStalled(standing, at, this.#stalledAfterMs)) this.#mark(record, at, standing, false);
      else next = Math.min(next, this.#nextLook(standing, at));
    }
    this.#lookAt = next;
  }

  #nextLook({ blockedBy, since }: Standing, at: number): number {
    const soon = at + this.#stalledAfterMs / LOOKS;
    // What ends the wait for a dependency is not heard of here.
    return blockedBy === undefined ? Math.max(soon, since + this.#stalledAfterMs) : soon;
  }

  /** The first list in which a fence of that age is not due: a late timer tells once for all that it missed. */
  #levelAt(age: number): number {
    let level = 1;
    while (this.#pendingAfterMs * 2 ** level <= age) level++;
    return level;
  }
}
