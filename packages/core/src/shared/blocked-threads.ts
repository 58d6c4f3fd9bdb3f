import { BLOCKED_SLOTS, VALUE, type Block } from './block.js';
import type { Memory } from './memory.js';

/** A count below the rest of the value's low 30 bits; the place of the word is the other part of them. */
const COUNT_BITS = 8;
const MOST = 2 ** COUNT_BITS - 1;

/** As `VALUE` has them. */
const LOW = 2 ** 30 - 1;

/**
 * How many threads block for a value of a shared timeline, for those that ask why it hangs.
 *
 *     word of value v, v modulo their number:   [ v's low 30 bits, without the place | count ]
 *
 * A thread that is terminated while it blocks stays counted until its value is finished: then the word is taken for another one.
 * Of two pending values with the same word, 64 apart, only the one that was first is counted for.
 */
export class BlockedThreads {
  readonly #memory: Memory;
  readonly #at: number;

  constructor(memory: Memory, { blockedAt }: Pick<Block, 'blockedAt'>) {
    this.#memory = memory;
    this.#at = blockedAt;
  }

  /**
   * This thread is about to block.
   *
   * @returns whether it is counted, and so has to leave.
   */
  enter(value: number): boolean {
    const memory = this.#memory;
    const slot = this.#slotOf(value);
    for (;;) {
      const word = memory.load(slot);
      const count = this.#countIn(word, value);
      if (count === MOST || (count === 0 && this.#holdsAnother(word, value))) return false;
      // Each thread once: of two that saw the same count one looks again.
      if (memory.compareExchange(slot, word, wordOf(value, count + 1)) === word) return true;
    }
  }

  /** It blocks no more. */
  leave(value: number): void {
    const memory = this.#memory;
    const slot = this.#slotOf(value);
    for (;;) {
      const word = memory.load(slot);
      const count = this.#countIn(word, value);
      // The value is over, and the word was taken for another one (partner: `enter`).
      if (count === 0) return;
      if (memory.compareExchange(slot, word, wordOf(value, count - 1)) === word) return;
    }
  }

  /** In all threads, this one too. */
  count(value: number): number {
    return this.#countIn(this.#memory.load(this.#slotOf(value)), value);
  }

  /** Whether the word counts for another value that is not over. */
  #holdsAnother(word: number, value: number): boolean {
    if ((word & MOST) === 0) return false;
    const other = (word >>> COUNT_BITS) * BLOCKED_SLOTS + (value % BLOCKED_SLOTS);
    const finished = this.#memory.load(VALUE) >>> 2;
    // In 30 bits, which go round: ahead is what is above.
    return ((other - finished) << 2) >> 2 > 0;
  }

  #countIn(word: number, value: number): number {
    return word >>> COUNT_BITS === tagOf(value) ? word & MOST : 0;
  }

  #slotOf(value: number): number {
    return this.#at + (value % BLOCKED_SLOTS);
  }
}

function tagOf(value: number): number {
  return Math.floor((value & LOW) / BLOCKED_SLOTS);
}

function wordOf(value: number, count: number): number {
  return (tagOf(value) << COUNT_BITS) | count;
}
