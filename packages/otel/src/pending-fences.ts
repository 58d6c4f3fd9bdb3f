import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { FenceRecord } from './fence-record.js';
import { clearTimer, now, setTimer } from './platform.js';

interface List {
  head: FenceRecord | undefined;
  tail: FenceRecord | undefined;
}

/** Who is told of fences that do not signal. */
export interface PendingWatcher {
  /** After `pendingAfterMs`, and at each doubling of its age. */
  mark(record: FenceRecord, at: number): void;
  /** After `hangAfterMs`, once; it is out of the lists then. */
  abandon(record: FenceRecord, at: number): void;
}

/**
 * The fences that have not signaled, by age, and one timer for all of them.
 *
 * A list for each number of times that a fence was told of as pending; in each the oldest comes first, and no fence is
 * older than one of the next list:
 *
 *     told 0 times: [ 4.9 s ] [ 3 s ] [ 1 ms ]     due at pendingAfterMs
 *     told once:    [ 8 s ] [ 6 s ]                due at pendingAfterMs × 2
 *
 * Holds its fences strongly, hence no longer than `hangAfterMs`.
 */
export class PendingFences {
  readonly #pendingAfterMs: number;
  readonly #hangAfterMs: number;
  /** At which age something is due for the first time. */
  readonly #firstDueMs: number;
  readonly #watcher: PendingWatcher;
  readonly #lists: List[] = [{ head: undefined, tail: undefined }];
  #timer: unknown = undefined;
  #timerAt = Infinity;

  constructor(ages: { pendingAfterMs: number; hangAfterMs: number }, watcher: PendingWatcher) {
    this.#pendingAfterMs = ages.pendingAfterMs;
    this.#hangAfterMs = ages.hangAfterMs;
    this.#firstDueMs = Math.min(ages.pendingAfterMs, ages.hangAfterMs);
    this.#watcher = watcher;
  }

  /** A fence was created. */
  add(record: FenceRecord): void {
    this.#append(record, 0);
    const due = record.start + this.#firstDueMs;
    if (due < this.#timerAt) this.#arm(due);
  }

  /** It signaled, or is given up; harmless for one that is in no list. */
  remove(record: FenceRecord): void {
    if (record.level < 0) return;
    const list = this.#lists[record.level] as List;
    if (record.previous === undefined) list.head = record.next;
    else record.previous.next = record.next;
    if (record.next === undefined) list.tail = record.previous;
    else record.next.previous = record.previous;
    record.previous = record.next = undefined;
    record.level = -1;
  }

  /** When the oldest one was created. */
  get oldest(): number | undefined {
    return this.#lists.findLast((list) => list.head !== undefined)?.head?.start;
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

  #due({ start, level }: FenceRecord): number {
    return start + Math.min(this.#pendingAfterMs * 2 ** level, this.#hangAfterMs);
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
        this.remove(record);
        if (record.start + this.#hangAfterMs <= at) {
          this.#watcher.abandon(record, at);
        } else {
          this.#append(record, this.#levelAt(at - record.start));
          this.#watcher.mark(record, at);
        }
      }
    }
    let next = Infinity;
    for (const { head } of this.#lists) if (head !== undefined) next = Math.min(next, this.#due(head));
    this.#arm(next);
  }

  /** The first list in which a fence of that age is not due: a late timer tells once for all that it missed. */
  #levelAt(age: number): number {
    let level = 1;
    while (this.#pendingAfterMs * 2 ** level <= age) level++;
    return level;
  }
}
