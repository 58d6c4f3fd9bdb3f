import { ERRORS, SPARE_SLOTS, TEXT_HEADER_WORDS, type Block } from './block.js';
import type { ErrorText } from './error-text.js';
import type { Memory } from './memory.js';

const CLAIM = 0;
const LENGTH = 1;
const CHECK = 2;

/**
 * What the errors of a timeline say: a text beside each place of the ring, and one for the cancel.
 *
 *     text of error number n, n modulo the places:   [ claim | length | check | bytes … ]
 *
 *     claim   older → n + 1    the thread that wants to fail values next; one of all that try while n errors were counted
 *     then                     length, bytes, check
 *     then    its operation    says `TEXT`, if it gets in before anything else is counted (see `Progress.advance`)
 *
 * So an error that says `TEXT` was begun by the thread that claimed its place, after it had written: no other text can be
 * taken for its own. Nothing waits here. A thread that died on its way leaves a place claimed: the error that is
 * put there has no text. A place is claimed again only after its error was forgotten, and a thread that slept since may
 * still write into it: the check tells, and there is no text.
 */
export class ErrorTexts {
  /** How many bytes a text has at most; 0 where there is no room. */
  readonly bytes: number;
  readonly #memory: Memory;
  readonly #at: number;
  readonly #words: number;
  readonly #slots: number;
  /** The place that this thread has claimed last: while no error was put there it may write again. */
  #own = -1;

  constructor(
    memory: Memory,
    { textAt, textWords, errorSlots }: Pick<Block, 'textAt' | 'textWords' | 'errorSlots'>,
  ) {
    this.#memory = memory;
    this.#at = textAt;
    this.#words = textWords;
    this.#slots = errorSlots + SPARE_SLOTS;
    this.bytes = Math.max(0, textWords - TEXT_HEADER_WORDS) * Int32Array.BYTES_PER_ELEMENT;
  }

  /** Leaves the text of the error that comes when `count` are counted, as they are now; false when another thread has its place. */
  put(count: number, text: ErrorText): boolean {
    if (!this.#claim(this.#slotOf(count % this.#slots), count)) return false;
    this.#own = count;
    this.#write(this.#slotOf(count % this.#slots), count, text);
    return true;
  }

  /** The text of an error that says it has one; undefined when it was overwritten. */
  read(count: number): ErrorText | undefined {
    return this.#read(this.#slotOf(count % this.#slots), count);
  }

  /** Leaves the text of a cancel; false when another thread has been there. */
  putCancel(text: ErrorText): boolean {
    if (this.#words === 0) return false;
    const slot = this.#slotOf(this.#slots);
    if (this.#memory.compareExchange(slot + CLAIM, 0, 1) !== 0) return false;
    this.#write(slot, 0, text);
    return true;
  }

  readCancel(): ErrorText | undefined {
    return this.#words === 0 ? undefined : this.#read(this.#slotOf(this.#slots), 0);
  }

  #claim(slot: number, count: number): boolean {
    if (this.#words === 0) return false;
    const memory = this.#memory;
    const claim = memory.load(slot + CLAIM);
    if (claim === count + 1) return this.#own === count;
    // After the claim was loaded: what is there is older, as nobody claims a place for an error before its turn.
    return memory.load(ERRORS) === count && memory.compareExchange(slot + CLAIM, claim, count + 1) === claim;
  }

  #write(slot: number, count: number, text: ErrorText): void {
    const memory = this.#memory;
    memory.store(slot + LENGTH, text.length);
    for (let i = 0; i < text.length; i++) memory.store(slot + TEXT_HEADER_WORDS + i, text[i] as number);
    memory.store(slot + CHECK, checkOf(text, count));
  }

  #read(slot: number, count: number): ErrorText | undefined {
    const memory = this.#memory;
    const length = memory.load(slot + LENGTH);
    // It may be of another error meanwhile, or of nobody, in a block from outside.
    if (!(length > 0 && length <= this.#words - TEXT_HEADER_WORDS)) return undefined;
    const text = new Int32Array(length);
    for (let i = 0; i < length; i++) text[i] = memory.load(slot + TEXT_HEADER_WORDS + i);
    return memory.load(slot + CHECK) === checkOf(text, count) ? text : undefined;
  }

  #slotOf(place: number): number {
    return this.#at + place * this.#words;
  }
}

/** FNV-1a, a word at a time, over the text, its length and the number of its error. */
function checkOf(text: ErrorText, count: number): number {
  let hash = 0x811c9dc5 | 0;
  const enter = (word: number): void => {
    hash = Math.imul(hash ^ word, 0x01000193);
    hash ^= hash >>> 15;
  };
  enter(count);
  enter(text.length);
  for (const word of text) enter(word);
  return hash;
}
