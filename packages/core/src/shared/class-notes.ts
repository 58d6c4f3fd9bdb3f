import type { ThreadNotes } from '../validator.js';
import { NOTE_SLOTS, NOTE_WORDS, type Block } from './block.js';

const STATE = 0;
const LENGTH = 1;
const CHECK = 2;
/** One bit for each note that was put together with this one in a report. */
const ANSWERED = 3;
const BYTES = 4;
const WRITTEN = 1;
const MOST_BYTES = (NOTE_WORDS - BYTES) * Int32Array.BYTES_PER_ELEMENT;

/**
 * What validators in several threads tell each other of a shared timeline: a few notes, each written once and kept.
 *
 *     [ notes | state, length, check, answered, bytes … | … ]
 *
 *     notes    + 1        the slot is the writer's
 *     bytes               written, then the state: who sees it finds them
 *
 * Two threads that write at once may both find the other's note: `claim` lets one of them speak. A buffer from outside may
 * hold anything: the length is bounded, and the check tells.
 */
export class ClassNotes implements ThreadNotes {
  readonly #words: Int32Array;
  readonly #at: number;
  /** Whether anybody in this thread may write to the timeline. */
  writable = false;

  constructor({ words, notesAt }: Pick<Block, 'words' | 'notesAt'>) {
    this.#words = words;
    this.#at = notesAt;
  }

  leave(text: string): number | undefined {
    const bytes = new TextEncoder().encode(text);
    if (!this.writable || bytes.length > MOST_BYTES) return undefined;
    const words = this.#words;
    const index = Atomics.add(words, this.#at, 1);
    if (index < 0 || index >= NOTE_SLOTS) {
      Atomics.sub(words, this.#at, 1);
      return undefined;
    }
    const slot = this.#slotOf(index);
    const data = new Int32Array(NOTE_WORDS - BYTES);
    new Uint8Array(data.buffer).set(bytes);
    for (const [i, word] of data.entries()) Atomics.store(words, slot + BYTES + i, word);
    Atomics.store(words, slot + LENGTH, bytes.length);
    Atomics.store(words, slot + CHECK, checkOf(bytes));
    Atomics.store(words, slot + STATE, WRITTEN);
    return index;
  }

  *read(): Generator<{ readonly index: number; readonly text: string }> {
    for (let index = 0; index < NOTE_SLOTS; index++) {
      const text = this.#textAt(this.#slotOf(index));
      if (text !== undefined) yield { index, text };
    }
  }

  claim(one: number, other: number): boolean {
    const bit = 1 << Math.max(one, other);
    return (Atomics.or(this.#words, this.#slotOf(Math.min(one, other)) + ANSWERED, bit) & bit) === 0;
  }

  #textAt(slot: number): string | undefined {
    const words = this.#words;
    if (Atomics.load(words, slot + STATE) !== WRITTEN) return undefined;
    const length = Atomics.load(words, slot + LENGTH);
    if (length < 0 || length > MOST_BYTES) return undefined;
    const data = new Int32Array(NOTE_WORDS - BYTES);
    for (const i of data.keys()) data[i] = Atomics.load(words, slot + BYTES + i);
    const bytes = new Uint8Array(data.buffer, 0, length);
    return checkOf(bytes) === Atomics.load(words, slot + CHECK) ? new TextDecoder().decode(bytes) : undefined;
  }

  #slotOf(index: number): number {
    return this.#at + 1 + index * NOTE_WORDS;
  }
}

/** FNV-1a. */
function checkOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}
