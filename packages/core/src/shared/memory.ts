import { VALUE } from './block.js';

/**
 * The words of a block, as the algorithms see them.
 *
 * All but `peek` are sequentially consistent: all threads agree on one order of all of them. What each access
 * relies on, and on which access of whom, stands where it is made. Under test it is a memory that another thread
 * may be let at before every access (`test/explorer`).
 */
export interface Memory {
  load(index: number): number;
  /** A plain read: a guess, maybe an old one, that must be harmless or be verified by a later `compareExchange`. */
  peek(index: number): number;
  store(index: number, value: number): void;
  /** Returns what was there before; replaced it exactly if that is `expected`. */
  compareExchange(index: number, expected: number, replacement: number): number;
  /** Wakes every thread that waits for `VALUE`. */
  notify(): void;
  /** Blocks while `VALUE` is `expected`, until notified or for `timeoutMs`; may end early. */
  wait(expected: number, timeoutMs: number): void;
  /** Milliseconds on the clock by which `wait` blocks: nobody can turn another one while the thread is blocked. */
  now(): number;
  /**
   * Has `wake` called in a later turn, after the next `notify`.
   *
   * @returns false, and nothing is armed, when `VALUE` is not `expected` any more.
   */
  waitAsync(expected: number, wake: () => void): boolean;
}

/** `Atomics.waitAsync` is younger than the language level of the library build. */
interface WaitAsync {
  waitAsync?(
    words: Int32Array,
    index: number,
    expected: number,
  ): { async: false; value: 'not-equal' | 'timed-out' } | { async: true; value: Promise<unknown> };
}

/** Whatever a test has put in its place since. */
const realNow = performance.now.bind(performance);

/** The real memory. */
export class AtomicsMemory implements Memory {
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  load(index: number): number {
    return Atomics.load(this.#words, index);
  }

  peek(index: number): number {
    return this.#words[index] as number;
  }

  store(index: number, value: number): void {
    Atomics.store(this.#words, index, value);
  }

  compareExchange(index: number, expected: number, replacement: number): number {
    return Atomics.compareExchange(this.#words, index, expected, replacement);
  }

  notify(): void {
    Atomics.notify(this.#words, VALUE);
  }

  wait(expected: number, timeoutMs: number): void {
    Atomics.wait(this.#words, VALUE, expected, timeoutMs);
  }

  now(): number {
    return realNow();
  }

  waitAsync(expected: number, wake: () => void): boolean {
    // No timeout: those below a millisecond end at once on every Node, and core's waits have timers of their own.
    const result = (Atomics as WaitAsync).waitAsync?.(this.#words, VALUE, expected);
    if (result?.async !== true) return false;
    void result.value.then(wake);
    return true;
  }
}

/** Whether this runtime can wake a thread that does not block; else it has to look again now and then. */
export function hasWaitAsync(): boolean {
  return typeof (Atomics as WaitAsync).waitAsync === 'function';
}

/** Whether this thread may block: a page's main thread may not, Node's may. */
export function mayBlock(): boolean {
  try {
    // Whoever may not block is told so before the value is even compared; here it never matches.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
