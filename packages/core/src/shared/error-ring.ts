import { AWAITED, ERRORS, RING, SLOT_WORDS, SPARE_SLOTS, TEXT, VALUE } from './block.js';
import type { ErrorText } from './error-text.js';
import type { ErrorTexts } from './error-texts.js';
import type { Memory } from './memory.js';

/** What became of a value: 0 for success, an errno; and which error of the timeline that is, where there is a text of it. */
export interface Result {
  readonly errno: number;
  readonly told?: number | undefined;
}

/** What became of a stretch of values, from behind the stretch before it up to `to`. */
export interface Stretch extends Result {
  readonly to: number;
}

/** An error as it stands in the ring: everything in (from, to] failed with it. */
interface RingError extends Stretch {
  readonly from: number;
}

/** EIO: the result is no longer known. */
export const UNKNOWN = 5;

const GOOD: Result = { errno: 0 };
const FORGOTTEN: Result = { errno: UNKNOWN };
/** How much of an end stands in the first word of an error, beside its code (see `Progress`). */
const LOW = 2 ** 23;

const TAG = 0;
const HIGH = 1;
const FROM = 2;

/**
 * The errors of a timeline, the newest ones: which values failed, and why.
 *
 * Entries ascend, since they are made one operation at a time (see `Progress`):
 *
 *     ERRORS = 9, 4 slots promised, 6 there:   [6][7][8][ ][4][5]     5 to 8 are known
 *     4: the newest forgotten one; up to its end a value that is not in the ring may have failed: EIO
 *     [ ]: where 9 goes; nobody reads it, so that it can be written while others read
 *
 * An entry is three words: the operation itself (23 bits of its end, and the code), the high bits of its end, its beginning.
 */
export class ErrorRing {
  /** What they say. */
  readonly texts: ErrorTexts;
  readonly #memory: Memory;
  readonly #slots: number;
  /** The count begins again here, and goes on as if the ring had been filled once: it never looks empty again. */
  readonly #limit: number;
  /** What was read last, and at which count. */
  #count = 0;
  #entries: readonly RingError[] = [];
  /** Up to here a value that is in no entry may have failed; -1 while nothing is forgotten. */
  #forgotten = -1;

  constructor(memory: Memory, errorSlots: number, texts: ErrorTexts) {
    this.texts = texts;
    this.#memory = memory;
    this.#slots = errorSlots + SPARE_SLOTS;
    this.#limit = Math.floor((2 ** 31 - 1) / this.#slots) * this.#slots;
  }

  /** Whether the count of errors is one that `record` can have left. */
  isSound(): boolean {
    const count = this.#memory.load(ERRORS);
    return count >= 0 && count < this.#limit;
  }

  /**
   * Leaves what the next error says; the operation that is installed by exchange from what it was before this call may then
   * say `TEXT`: no other can have been counted in between.
   *
   * @returns false when another thread has claimed the place.
   */
  tellNext(text: ErrorText): boolean {
    return this.texts.put(this.#memory.load(ERRORS), text);
  }

  /**
   * Puts the error of (from, to] in, for the operation that holds `VALUE` at `word`; several threads may do so at once.
   *
   * Each word is exchanged from what it was while the operation was under way: a thread that comes late finds another one
   * there, since ends and beginnings only rise.
   */
  record(operation: number, from: number, to: number, word: number): void {
    const memory = this.#memory;
    const count = memory.load(ERRORS);
    const high = Math.floor(to / LOW);
    const last = this.#at(count - 1);
    if (memory.load(last + TAG) === operation && memory.load(last + HIGH) === high) return;
    const slot = this.#at(count);
    const tag = memory.load(slot + TAG);
    const highBefore = memory.load(slot + HIGH);
    const fromBefore = memory.load(slot + FROM);
    // After the loads: while VALUE is locked at this word and nothing was counted, nobody has gone on to another entry,
    // so what was loaded is what this entry replaces, or this entry.
    if ((memory.load(VALUE) | AWAITED) !== (word | AWAITED) || memory.load(ERRORS) !== count) return;
    memory.compareExchange(slot + TAG, tag, operation);
    memory.compareExchange(slot + HIGH, highBefore, high);
    memory.compareExchange(slot + FROM, fromBefore, from | 0);
    // After the words: who counts an entry finds it whole (partner: `#read`).
    memory.compareExchange(ERRORS, count, this.#next(count));
  }

  /** Whether a finished value above `from` may have failed; look at the value first. */
  anyAbove(from: number): boolean {
    this.#read();
    return (this.#entries.at(-1)?.to ?? this.#forgotten) > from;
  }

  /** What became of (from, to], in ascending stretches that end with `to`; look at the value first. */
  resultsAbove(from: number, to: number): Stretch[] {
    this.#read();
    const stretches: Stretch[] = [];
    let reached = from;
    const add = (end: number, { errno, told }: Result): void => {
      const capped = Math.min(end, to);
      if (capped <= reached) return;
      stretches.push({ to: capped, errno, told });
      reached = capped;
    };
    add(this.#forgotten, FORGOTTEN);
    for (const entry of this.#entries) {
      if (entry.to <= reached) continue;
      add(entry.from, GOOD);
      add(entry.to, entry);
    }
    add(to, GOOD);
    return stretches;
  }

  /** What became of one finished value. */
  resultOf(value: number): Result {
    if (this.hasForgotten(value)) return FORGOTTEN;
    // The newest is asked for most often.
    for (let i = this.#entries.length - 1; i >= 0; i--) {
      const entry = this.#entries[i] as RingError;
      if (value > entry.to) break;
      if (value > entry.from) return entry;
    }
    return GOOD;
  }

  /** Whether the result of a finished value is no longer known. */
  hasForgotten(value: number): boolean {
    this.#read();
    return value <= this.#forgotten;
  }

  /** Reads the ring again if anything was put in. */
  #read(): void {
    const memory = this.#memory;
    // After the caller's look at VALUE: every error of what it saw finished is counted here (partner: `Progress.#complete`).
    let count = memory.load(ERRORS);
    while (count !== this.#count) {
      const known = Math.min(count, this.#slots - SPARE_SLOTS);
      const entries: RingError[] = [];
      for (let i = count - known; i < count; i++) entries.push(this.#entry(i));
      const forgotten = count > known ? this.#entry(count - known - 1).to : -1;
      const before = count;
      // The slots read above are written again only after the next entry was counted: an equal count means they are whole.
      count = memory.load(ERRORS);
      if (count !== before) continue;
      this.#count = count;
      this.#entries = entries;
      this.#forgotten = forgotten;
    }
  }

  #entry(index: number): RingError {
    const memory = this.#memory;
    const slot = this.#at(index);
    const tag = memory.load(slot + TAG);
    const to = memory.load(slot + HIGH) * LOW + (tag >>> 9);
    const from = to - (((to | 0) - memory.load(slot + FROM)) >>> 0);
    return { from, to, errno: tag & 0xff, told: (tag & TEXT) === 0 ? undefined : index };
  }

  /** Where an entry stands. */
  #at(index: number): number {
    return RING + ((index + this.#slots) % this.#slots) * SLOT_WORDS;
  }

  #next(count: number): number {
    return count + 1 === this.#limit ? this.#slots : count + 1;
  }
}
