import { describe, FenceError, invalid } from '../error.js';

/*
 * The block: one SharedArrayBuffer of 32-bit words. Three cache lines, so that submitters, who reserve, and the
 * signalling thread do not take each other's line away; then the ring of errors, and room for tracers.
 *
 *     line 0   magic, version, sizes, uid, skipping              written once, before anybody else sees the block
 *     line 1   value, lap, operation, errors, cancel             the signalling side, and whoever waits
 *     line 2   reserved                                          the submitting side
 *     line 3…  ring of errors, three words each                  see `ErrorRing`
 *     then     what tracers left, eight words a value            see `TraceSlots`
 *     then     who blocks, a word a value                        see `BlockedThreads`
 *     then     what validators tell each other                   see `ClassNotes`
 *     then     what the errors say, and last what a cancel says  see `ErrorTexts`
 */

const MAGIC = 0;
const VERSION = 1;
const ERROR_SLOTS = 2;
const TEXT_BYTES = 3;
const UID = 4;
const UID_WORDS = 4;
/** 1 where values that an advance passes over fail. */
const SKIPPED_FAIL = 8;

/**
 * The last finished value: its low 30 bits, above two flags, `AWAITED` and `LOCKED`. Waiting threads sleep on this word.
 */
export const VALUE = 16;
/** How often the value has passed a multiple of 2^29; at most one behind it. Tells threads that slept long which round `VALUE` is in. */
export const LAP = 17;
/** What is being done with `VALUE` locked, see `Progress`; its code is 0 when nothing is. */
export const OPERATION = 18;
/** How many errors were ever put into the ring. */
export const ERRORS = 19;
/** Why the timeline was canceled, as a positive errno, maybe with `TEXT`; valid once the operation is a cancel. */
export const CANCEL_CODE = 20;
/** The last reserved number, its low 32 bits; behind the value where values were finished that nobody reserved. */
export const RESERVED = 32;
/** Where the ring begins. */
export const RING = 48;

/** Words of an error in the ring. */
export const SLOT_WORDS = 3;
/** Two more than are promised: the newest forgotten one, which tells how far results are unknown, and the one being written. */
export const SPARE_SLOTS = 2;

/** Beside an errno, in an operation, an error of the ring, and a cancel's code: its text is there, see `ErrorTexts`. */
export const TEXT = 256;

/** In `VALUE`: an operation changes more than this word, and is bound to the value above (see `Progress`). */
export const LOCKED = 1;
/** In `VALUE`: somebody sleeps on this very word, or has a wake-up armed; whoever moves the value on notifies. */
export const AWAITED = 2;
/** Values of a lap: half of what `VALUE` holds, so that its top bit tells whether `LAP` is one behind. */
export const LAP_LENGTH: number = 2 ** 29;

/** Words of an error's text before its bytes: which error it is of, its length, a check. */
export const TEXT_HEADER_WORDS = 3;

/** How many values tracers can have something carried for, the newest ones. */
export const TRACE_SLOTS = 64;
/** Words of such a slot: a tag, 25 bytes and their check. */
export const TRACE_SLOT_WORDS = 8;

/** How many values threads that block are counted for at once. */
export const BLOCKED_SLOTS = 64;

/** How much validators can tell each other of a timeline: so many notes. */
export const NOTE_SLOTS = 6;
/** Words of a note: whether it is written, its length, a check, who has answered it, and 496 bytes. */
export const NOTE_WORDS = 128;

const MAGIC_NUMBER = 0x444d4146;
const LAYOUT_VERSION = 5;
const MOST_SLOTS = 2 ** 16;
const MOST_TEXT_BYTES = 4096;
const WORD = Int32Array.BYTES_PER_ELEMENT;

/** Where the room for tracers begins: behind the ring. */
function traceAtOf(errorSlots: number): number {
  return RING + (errorSlots + SPARE_SLOTS) * SLOT_WORDS;
}

/** Where threads that block are counted: behind the room for tracers. */
function blockedAtOf(errorSlots: number): number {
  return traceAtOf(errorSlots) + TRACE_SLOTS * TRACE_SLOT_WORDS;
}

/** Where the room for validators begins: behind those counts. Its first word counts the notes. */
function notesAtOf(errorSlots: number): number {
  return blockedAtOf(errorSlots) + BLOCKED_SLOTS;
}

/** Where the texts of errors begin: behind the room for validators, which there is where there is room for any text. */
function textAtOf(errorSlots: number, textBytes: number): number {
  return notesAtOf(errorSlots) + (textBytes === 0 ? 0 : 1 + NOTE_SLOTS * NOTE_WORDS);
}

/** How many bytes a block with room for that many errors takes, and for that much text of each. */
function sizeOf(errorSlots: number, textBytes: number): number {
  // One slot more: what a cancel says.
  const texts = textBytes === 0 ? 0 : (errorSlots + SPARE_SLOTS + 1) * textWordsOf(textBytes);
  return (textAtOf(errorSlots, textBytes) + texts) * WORD;
}

/** How many words the text of an error takes, header and all. */
function textWordsOf(textBytes: number): number {
  return TEXT_HEADER_WORDS + Math.ceil(textBytes / WORD);
}

/** The low 30 bits of a value, as they stand in `VALUE` while it is neither locked nor awaited. */
export function encode(value: number): number {
  return value << 2;
}

/** What the creator of a block decides. */
export interface BlockOptions {
  readonly errorSlots: number;
  readonly errorTextBytes: number;
  readonly skippedFail: boolean;
}

/** Makes a block whose timeline stands at `value`. */
export function createBlock(
  { errorSlots, errorTextBytes, skippedFail }: BlockOptions,
  value: number,
): SharedArrayBuffer {
  checkSize('errorSlots', errorSlots, 1, MOST_SLOTS);
  checkSize('errorTextBytes', errorTextBytes, 0, MOST_TEXT_BYTES);
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new FenceError(
      'EOPNOTSUPP',
      'SharedTimeline.create(): there is no SharedArrayBuffer here; a page must be cross-origin isolated (headers COOP: same-origin and COEP: require-corp)',
    );
  }
  const buffer = new SharedArrayBuffer(sizeOf(errorSlots, errorTextBytes));
  const words = new Int32Array(buffer);
  // Plain stores: the buffer reaches another thread by a message, which orders everything before it.
  words[MAGIC] = MAGIC_NUMBER;
  words[VERSION] = LAYOUT_VERSION;
  words[ERROR_SLOTS] = errorSlots;
  words[TEXT_BYTES] = errorTextBytes;
  words[SKIPPED_FAIL] = Number(skippedFail);
  words.set(randomWords(), UID);
  words[VALUE] = encode(value);
  words[LAP] = Math.floor(value / LAP_LENGTH);
  words[RESERVED] = value | 0;
  return buffer;
}

function checkSize(what: string, size: number, least: number, most: number): void {
  if (Number.isInteger(size) && size >= least && size <= most) return;
  throw invalid(
    `SharedTimeline.create(): ${what} must be an integer from ${String(least)} to ${String(most)}, not ${describe(size)}`,
  );
}

/** 128 random bits; `getRandomValues` takes no shared memory. */
function randomWords(): Int32Array {
  return crypto.getRandomValues(new Int32Array(UID_WORDS));
}

/** A block that came from outside, after the check. */
export interface Block {
  readonly words: Int32Array;
  readonly errorSlots: number;
  /** The word at which the room for tracers begins. */
  readonly traceAt: number;
  /** The word at which threads that block are counted. */
  readonly blockedAt: number;
  /** The word at which the room for validators begins. */
  readonly notesAt: number;
  /** The word at which the texts of errors begin. */
  readonly textAt: number;
  /** How many words each of them takes; 0 where there are none. */
  readonly textWords: number;
  /** Whether values that an advance passes over fail. */
  readonly skippedFail: boolean;
  /** What identifies the timeline in every thread, as 32 hexadecimal digits. */
  readonly uid: string;
}

/** The size of a SharedArrayBuffer, of whatever realm; its getter asks the object itself, not what that says it is. */
function bytesOf(buffer: unknown): number | undefined {
  try {
    const size = Object.getOwnPropertyDescriptor(SharedArrayBuffer.prototype, 'byteLength');
    return (size as { get(): number }).get.call(buffer as never);
  } catch {
    return undefined;
  }
}

/** Checks what claims to be a block; anything else throws `EINVAL`. */
export function openBlock(who: string, buffer: unknown): Block {
  const bytes = bytesOf(buffer);
  if (bytes === undefined) {
    throw invalid(`${who}: its buffer must be a SharedArrayBuffer, not ${describe(buffer)}`);
  }
  if (bytes < sizeOf(1, 0) || bytes % WORD !== 0) {
    throw invalid(
      `${who}: a buffer of ${String(bytes)} bytes cannot hold a shared timeline; send the whole handle`,
    );
  }
  const words = new Int32Array(buffer as SharedArrayBuffer);
  if (words[MAGIC] !== MAGIC_NUMBER) {
    throw invalid(`${who}: its buffer holds no shared timeline; send timeline.handle as it is`);
  }
  const version = words[VERSION];
  if (version !== LAYOUT_VERSION) {
    throw invalid(
      `${who}: its block has layout ${String(version)}, this is layout ${String(LAYOUT_VERSION)}; load one version of @dma-fence/core in all threads`,
    );
  }
  const errorSlots = words[ERROR_SLOTS] as number;
  const textBytes = words[TEXT_BYTES] as number;
  const fits = (size: number, least: number, most: number): boolean => size >= least && size <= most;
  if (
    !fits(errorSlots, 1, MOST_SLOTS) ||
    !fits(textBytes, 0, MOST_TEXT_BYTES) ||
    bytes !== sizeOf(errorSlots, textBytes)
  ) {
    throw invalid(
      `${who}: a buffer of ${String(bytes)} bytes does not match its ${String(errorSlots)} error slots with ${String(textBytes)} bytes of text each`,
    );
  }
  const uid = Array.from(words.subarray(UID, UID + UID_WORDS), (word) =>
    (word >>> 0).toString(16).padStart(8, '0'),
  ).join('');
  return {
    words,
    errorSlots,
    traceAt: traceAtOf(errorSlots),
    blockedAt: blockedAtOf(errorSlots),
    notesAt: notesAtOf(errorSlots),
    textAt: textAtOf(errorSlots, textBytes),
    textWords: textBytes === 0 ? 0 : textWordsOf(textBytes),
    skippedFail: words[SKIPPED_FAIL] === 1,
    uid,
  };
}
