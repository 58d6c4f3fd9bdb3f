import {
  AWAITED,
  CANCEL_CODE,
  encode,
  LAP,
  LAP_LENGTH,
  LOCKED,
  OPERATION,
  RESERVED,
  TEXT,
  VALUE,
} from './block.js';
import type { ErrorRing } from './error-ring.js';
import type { ErrorText } from './error-text.js';
import type { Memory } from './memory.js';

/** The farthest that a value may be ahead of the finished one. */
export const FARTHEST: number = 2 ** 31 - 1;
/** How far one plain exchange of `VALUE` may go, see `advance`. */
const DIRECT = 2 ** 16;
/** How far one operation may go: an operation names its target by 23 bits, and must tell ahead from behind. */
const STEP = 2 ** 21;

/** An operation: its target above nine bits of code. 0 when it is done, an errno where it fails, maybe with `TEXT`; or one of these. */
const CODE_BITS = 9;
const CODE = 2 ** CODE_BITS - 1;
const SUCCESS = 254;
const CANCEL = 255;

/** What values that are passed over fail with, where they do: ECANCELED. */
const SKIPPED = 125;

const lapOf = (value: number): number => Math.floor(value / LAP_LENGTH);

/**
 * How far a timeline has come, and the few ways to change that. No lock that a dead thread could keep.
 *
 * `VALUE` decides everything: a value is finished when `VALUE` has reached it, and whoever changes `VALUE` does so by
 * compareExchange from exactly what he saw. A success changes nothing else. A failure has to put its error into the ring
 * first, and nobody may get in between, so it is done in steps that anybody can take over at any point:
 *
 *     OPERATION  done → target|code  says what is to be done; at most one at a time
 *     VALUE      v → v|LOCKED        binds it to the value v; plain exchanges fail from here on
 *     ring       the error of (v, target], and ERRORS + 1
 *     VALUE      v|LOCKED → target   it is done, with error and all
 *     OPERATION  target|code → target|0
 *
 * Targets rise, so what is done is never the same word again: who exchanges it knows that nothing was done since he loaded it, and
 * that ERRORS is what it was. So a text can be left for the next error beforehand (`ErrorTexts`).
 *
 * Every thread that wants to change `VALUE` and finds an operation completes it first (`#complete`); each step is a
 * compareExchange that only one of them wins, so that a thread may die, or sleep, between any two. A cancel is an
 * operation that stops at the second step for good: `VALUE` stays locked, and nothing can change any more.
 * Who waits sets AWAITED in `VALUE` before it sleeps (`await`), at any time, locked or not; the word that the value moves on to has
 * it clear again. So one exchange tells whether anybody must be woken, and a thread that dies asleep leaves nothing behind.
 * It changes neither the value nor the lock: wherever a word is compared for these, it may have been set in between.
 *
 * What a thread that slept through exactly 2^23 values with an equal operation could do wrong is not defended.
 */
export class Progress {
  /** What the last `look` saw in `VALUE`: what to sleep on. */
  word = 0;
  /** What it means. After a cancel: where the cancel found it. */
  value = 0;
  /** Whether the timeline is canceled: nothing above `value` will be finished. */
  canceled = false;
  readonly #memory: Memory;
  readonly #errors: ErrorRing;
  /** How far a plain exchange of `VALUE` may go; one value where those passed over fail. */
  readonly #direct: number;
  /** What was last seen in LAP. */
  #lap = 0;
  /** The first value of that lap. */
  #lapBegin = 0;
  /** Whether this thread has moved the value on from a word that somebody waits on, and has woken nobody yet. */
  #owesWake = false;

  constructor(memory: Memory, errors: ErrorRing, skippedFail: boolean) {
    this.#memory = memory;
    this.#errors = errors;
    this.#direct = skippedFail ? 2 : DIRECT;
  }

  /** Reads where the timeline stands; returns `canceled`. */
  look(): boolean {
    const memory = this.#memory;
    for (;;) {
      // Between two equal LAPs VALUE was in that lap or the one after, since a writer goes on to a further lap only after it has
      // brought LAP up (`#catchUp`). The top bit tells which. The first of the two is the one of the look before: LAP only rises.
      const word = memory.load(VALUE);
      const lap = memory.load(LAP);
      if (lap !== this.#lap) {
        this.#lap = lap;
        this.#lapBegin = lap * LAP_LENGTH;
        continue;
      }
      // A locked word belongs to the operation that stands in OPERATION while VALUE has not changed (partner:
      // `#complete` clears OPERATION only after VALUE has moved on). So VALUE is asked again: it may have been unlocked,
      // and a cancel begun, between the two.
      const canceled = (word & LOCKED) !== 0 && memory.load(OPERATION) === CANCEL;
      if (canceled && memory.load(VALUE) !== word) continue;
      this.word = word;
      this.value =
        this.#lapBegin + ((lap & 1) === word >>> 31 ? 0 : LAP_LENGTH) + ((word >>> 2) & (LAP_LENGTH - 1));
      this.canceled = canceled;
      return canceled;
    }
  }

  /**
   * Whether the words can be those of a timeline, as they come from outside: the value is one, and what has locked it, if anything, is
   * there to be completed. Else whoever writes would go round for ever.
   */
  isSound(): boolean {
    const memory = this.#memory;
    const canceled = this.look();
    if (this.value < 0 || !Number.isSafeInteger(this.value)) return false;
    if (canceled || (this.word & LOCKED) === 0) return true;
    const operation = memory.load(OPERATION);
    // Else it has been completed since the look (partner: `#complete`).
    if (memory.load(VALUE) !== this.word) return true;
    return (operation & CODE) !== 0 && this.#distanceTo(operation) > 0;
  }

  /** The last reserved number; look before. A value that was finished without being reserved counts as reserved. */
  reserved(): number {
    return this.value + this.#ahead(this.#memory.load(RESERVED));
  }

  /** Takes the next number; 0 when canceled, -1 when too many are in flight. */
  reserve(): number {
    const memory = this.#memory;
    for (;;) {
      if (this.look()) return 0;
      const last = memory.load(RESERVED);
      const ahead = this.#ahead(last);
      if (ahead >= FARTHEST) return -1;
      const next = this.value + ahead + 1;
      // Each number once: of all submitters that saw the same last number one wins.
      if (memory.compareExchange(RESERVED, last, next | 0) !== last) continue;
      // A cancel, or an advance past what was reserved, may have settled this number before anybody had it: take another.
      if (this.look()) return 0;
      if (this.value < next) return next;
    }
  }

  /**
   * Finishes everything up to `to`, if nothing has happened since this thread looked, as is most likely, and `to` is an integer
   * not far above the value.
   *
   * The peeks may be old: then the exchange is one of a thread that was slow, which `#complete` allows for; that VALUE is what it
   * was, the exchange itself checks. A value in the lap after LAP is above that lap: it goes the long way.
   *
   * @returns whether it did.
   */
  step(to: number): boolean {
    const memory = this.#memory;
    return (
      // First: what is no number is not to be reckoned with, the caller refuses it.
      Number.isInteger(to) &&
      to > this.value &&
      to - this.value < this.#direct &&
      to < this.#lapBegin + LAP_LENGTH &&
      (this.word & LOCKED) === 0 &&
      memory.peek(LAP) === this.#lap &&
      (memory.peek(OPERATION) & CODE) === 0 &&
      this.#exchange(to)
    );
  }

  /**
   * Finishes everything up to `to`, at most `FARTHEST` from the value; with a positive errno it fails.
   *
   * @param text what the errors of this advance say.
   * @returns whether anything was finished by this call; `wake` when all is done that must come before.
   */
  advance(to: number, errno: number, text?: ErrorText): boolean {
    if (errno === 0 && this.step(to)) return true;
    const memory = this.#memory;
    let changed = false;
    for (;;) {
      // Before the look: if OPERATION is still that while VALUE is locked, the two belong together (see `#complete`).
      const operation = memory.load(OPERATION);
      if (this.look()) return changed;
      if ((operation & CODE) !== 0) {
        if (this.#complete(operation)) changed = true;
        continue;
      }
      // Begun after OPERATION was loaded.
      if ((this.word & LOCKED) !== 0) continue;
      if (to <= this.value) return changed;
      if (this.#catchUp()) continue;
      if (errno === 0 && to - this.value < this.#direct) {
        if (this.#exchange(to)) return true;
        continue;
      }
      // Whoever installs an operation, or finds one, goes round and completes it.
      const skips = errno === 0 && this.#direct !== DIRECT;
      const target = Math.min(skips ? to - 1 : to, this.value + STEP);
      let code = skips ? SKIPPED : errno === 0 ? SUCCESS : errno;
      // Before the exchange: an error that has a text is never seen without (partner: `ErrorTexts.read`).
      if (text !== undefined && code !== SUCCESS && this.#errors.tellNext(text)) code |= TEXT;
      memory.compareExchange(OPERATION, operation, (target << CODE_BITS) | code);
      changed = true;
    }
  }

  /** Stops the timeline for good; the first one's errno and text stay. */
  cancel(errno: number, text?: ErrorText): void {
    const memory = this.#memory;
    // Before the code, which says whose text it is: only one thread gets that place.
    const told = text !== undefined && this.#errors.texts.putCancel(text);
    // Before the operation: whoever sees the cancel finds its reason (partner: `cancelErrno`).
    memory.compareExchange(CANCEL_CODE, 0, told ? errno | TEXT : errno);
    for (;;) {
      const operation = memory.load(OPERATION);
      if (this.look()) return;
      if ((operation & CODE) !== 0) this.#complete(operation);
      else memory.compareExchange(OPERATION, operation, CANCEL);
    }
  }

  /** Why it was canceled. */
  cancelErrno(): number {
    return this.#memory.load(CANCEL_CODE) & 0xff;
  }

  /** What the cancel said. */
  cancelText(): ErrorText | undefined {
    return (this.#memory.load(CANCEL_CODE) & TEXT) === 0 ? undefined : this.#errors.texts.readCancel();
  }

  /**
   * Says in `VALUE` that somebody waits; to be called before sleeping, and again for a wake-up that was armed earlier.
   *
   * Of this exchange and the one that moves the value on, one comes first: either that one finds the flag (partner: `#move`), or
   * this one finds another word.
   *
   * @param word what was looked at.
   * @returns the word to sleep on; undefined when it has changed: look again.
   */
  await(word: number): number | undefined {
    const awaited = word | AWAITED;
    if (word === awaited) return word;
    const seen = this.#memory.compareExchange(VALUE, word, awaited);
    if (seen !== word && seen !== awaited) return undefined;
    if (this.word === word) this.word = awaited;
    return awaited;
  }

  /** Wakes all who wait, if this thread has moved the value on from where anybody did. */
  wake(): void {
    if (!this.#owesWake) return;
    this.#owesWake = false;
    this.#memory.notify();
  }

  /** Finishes up to `to`, if nobody has moved `VALUE` since it was looked at. */
  #exchange(to: number): boolean {
    const word = encode(to);
    if (!this.#move(this.word, word)) return false;
    this.word = word;
    this.value = to;
    return true;
  }

  /** Replaces `word` in `VALUE`, awaited or not. */
  #move(word: number, next: number): boolean {
    const memory = this.#memory;
    let from = word;
    let seen = memory.compareExchange(VALUE, from, next);
    if (seen !== from && seen === (from | AWAITED)) {
      // Somebody has begun to wait since. It stays set until the value moves.
      from = seen;
      seen = memory.compareExchange(VALUE, from, next);
    }
    if (seen !== from) return false;
    if ((from & AWAITED) !== 0) this.#owesWake = true;
    return true;
  }

  /**
   * Takes the operation that is under way, whoever began it, one step further or to its end; look after it was loaded.
   *
   * @returns whether this call finished values.
   */
  #complete(operation: number): boolean {
    const memory = this.#memory;
    const { word, value } = this;
    if (operation === CANCEL) {
      if ((word & LOCKED) === 0) memory.compareExchange(VALUE, word, word | LOCKED);
      return false;
    }
    const distance = this.#distanceTo(operation);
    if (distance <= 0) {
      memory.compareExchange(OPERATION, operation, operation & ~CODE);
      return false;
    }
    if ((word & LOCKED) === 0) {
      if (!this.#catchUp()) memory.compareExchange(VALUE, word, word | LOCKED);
      return false;
    }
    // Still the same after the word was seen locked: so it is this operation that locked it, at this value.
    if (memory.load(OPERATION) !== operation) return false;
    const to = value + distance;
    // Before VALUE: whoever sees a value finished finds its error (partner: `ErrorRing.resultsAbove`, after a look).
    if ((operation & CODE) !== SUCCESS) this.#errors.record(operation, value, to, word);
    const won = this.#move(word, encode(to));
    // After VALUE has moved, by whomsoever: see `look`.
    memory.compareExchange(OPERATION, operation, operation & ~CODE);
    return won;
  }

  /**
   * How far the target of an operation is ahead of the value, from 23 bits: right within 2^22. It was 2^21 when it began, and threads
   * that did not see it in time add less than 2^16 each, once.
   */
  #distanceTo(operation: number): number {
    return (operation - (this.value << CODE_BITS)) >> CODE_BITS;
  }

  /** Brings `LAP` up to the value that was looked at; true when it was behind: look again. */
  #catchUp(): boolean {
    const memory = this.#memory;
    if (this.#lap === lapOf(this.value)) return false;
    // Before LAP: advances leave RESERVED behind, but never by more than two laps, see `#ahead`.
    const last = memory.load(RESERVED);
    if (this.#ahead(last) === 0) memory.compareExchange(RESERVED, last, this.value | 0);
    memory.compareExchange(LAP, this.#lap, this.#lap + 1);
    return true;
  }

  /**
   * How far the last reserved number is ahead of the value, from its low 32 bits; load it after the look.
   *
   * It is up to 2^31-1 ahead, or up to 2^31-1 behind where values were finished that nobody reserved: then 0.
   */
  #ahead(last: number): number {
    const distance = (last - (this.value | 0)) >>> 0;
    return distance > FARTHEST ? 0 : distance;
  }
}
