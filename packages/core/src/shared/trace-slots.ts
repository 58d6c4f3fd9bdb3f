import type { TraceCarrier } from '../tracer/trace-carrier.js';
import { TRACE_SLOT_WORDS, TRACE_SLOTS, type Block } from './block.js';
import type { BlockedThreads } from './blocked-threads.js';

const TAG = 0;
const DATA = 1;
/** What a slot carries: 25 bytes, and in the last three of its 28 a check. */
const CARRIED = 25;
const DATA_WORDS = TRACE_SLOT_WORDS - DATA;
const CARRYING = DATA_WORDS * Int32Array.BYTES_PER_ELEMENT;

/** The tag of a value's slot: while it is written, and from then on. */
const busy = (value: number): number => (value << 1) | 1;
const done = (value: number): number => value << 1;

/**
 * What tracers in several threads tell each other about the values of a shared timeline: 25 bytes a value, for the newest few.
 *
 *     slot of value v, v modulo their number:   [ tag | bytes 0-3 | … | byte 24 and a check of 24 bits ]
 *
 *     tag     anything → v,busy     the first thread that has something to tell of v claims the slot
 *     bytes                         written
 *     tag     v,busy → v            readable; never, if a later value has taken the slot meanwhile
 *
 * Nothing waits here. A writer that is overtaken may leave its bytes among those of the next one, a buffer from outside may
 * hold anything: the check, which the whole value enters, tells, and such a slot tells nothing.
 */
export class TraceSlots implements TraceCarrier {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #blocked: BlockedThreads;
  /** Whether anybody in this thread may write to the timeline. */
  writable = false;

  constructor({ words, traceAt }: Pick<Block, 'words' | 'traceAt'>, blocked: BlockedThreads) {
    this.#words = words;
    this.#at = traceAt;
    this.#blocked = blocked;
  }

  blocked(seqno: number): number {
    return this.#blocked.count(seqno);
  }

  offer(seqno: number, bytes: Uint8Array): boolean {
    if (!this.writable || bytes.length !== CARRIED) return false;
    const words = this.#words;
    const slot = this.#slotOf(seqno);
    const tag = Atomics.load(words, slot + TAG);
    if (tag === busy(seqno)) return false;
    // A block begins with zeros, the tag of values whose low 31 bits are none: only bytes that fit the check are taken.
    if (tag === done(seqno) && this.read(seqno) !== undefined) return false;
    // One of all threads that have something to tell of this value wins.
    if (Atomics.compareExchange(words, slot + TAG, tag, busy(seqno)) !== tag) return false;
    const data = new Uint8Array(CARRYING);
    data.set(bytes);
    const check = checkOf(data, seqno);
    data[CARRIED] = check;
    data[CARRIED + 1] = check >>> 8;
    data[CARRIED + 2] = check >>> 16;
    const view = new Int32Array(data.buffer);
    for (let i = 0; i < DATA_WORDS; i++) Atomics.store(words, slot + DATA + i, view[i] as number);
    // After the bytes: who sees the tag finds them (partner: `read`).
    return Atomics.compareExchange(words, slot + TAG, busy(seqno), done(seqno)) === busy(seqno);
  }

  read(seqno: number): Uint8Array | undefined {
    const words = this.#words;
    const slot = this.#slotOf(seqno);
    if (Atomics.load(words, slot + TAG) !== done(seqno)) return undefined;
    const view = new Int32Array(DATA_WORDS);
    // After the tag, and the tag again after them: a slot that was taken for another value meanwhile is another's.
    for (let i = 0; i < DATA_WORDS; i++) view[i] = Atomics.load(words, slot + DATA + i);
    if (Atomics.load(words, slot + TAG) !== done(seqno)) return undefined;
    const data = new Uint8Array(view.buffer);
    const check = checkOf(data, seqno);
    const same =
      data[CARRIED] === (check & 0xff) &&
      data[CARRIED + 1] === ((check >>> 8) & 0xff) &&
      data[CARRIED + 2] === ((check >>> 16) & 0xff);
    return same ? data.subarray(0, CARRIED) : undefined;
  }

  #slotOf(value: number): number {
    return this.#at + (value % TRACE_SLOTS) * TRACE_SLOT_WORDS;
  }
}

/** FNV-1a over the bytes and the whole value, in 24 bits. */
function checkOf(data: Uint8Array, value: number): number {
  let hash = 0x811c9dc5;
  const enter = (byte: number): void => {
    hash = Math.imul(hash ^ byte, 0x01000193);
  };
  for (let i = 0; i < CARRIED; i++) enter(data[i] as number);
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) enter(rest % 256);
  return (hash ^ (hash >>> 24)) & 0xffffff;
}
