import { platform, type LongTimer } from '../platform.js';

/** As long as a `setTimeout` may be: when it has run out and somebody still waits, there is another. */
const LONGEST_MS = 2 ** 31 - 1;

/** Node's timers, and Bun's, can be told whether they count; a number, as a page and Deno give, cannot. */
interface CountingTimer {
  ref?(): void;
  unref?(): void;
}

/**
 * What keeps the process alive while somebody waits: no runtime stays for `Atomics.waitAsync`, so a timer does it.
 *
 * Where it can, the timer stays and is only told whether it counts: to make one and take it back for each wait costs as much
 * as `waitAsync` itself.
 */
export class KeepAlive {
  #waits = 0;
  #timer: unknown = undefined;

  /** A wait begins (1) or is over (-1). */
  waiting(change: 1 | -1): void {
    this.#waits += change;
    if (this.#waits === 0) this.#rest();
    else if (this.#waits === 1 && change === 1) this.#hold();
  }

  #hold(): void {
    if (this.#timer === undefined) {
      const runOut = (): void => {
        this.#timer = undefined;
        if (this.#waits > 0) this.#hold();
      };
      this.#timer = platform.setTimer(runOut, LONGEST_MS, 'alive');
    } else {
      ((this.#timer as LongTimer).handle as CountingTimer).ref?.();
    }
  }

  #rest(): void {
    const handle = (this.#timer as LongTimer).handle as CountingTimer;
    if (handle.ref !== undefined && handle.unref !== undefined) {
      handle.unref();
    } else {
      platform.clearTimer(this.#timer);
      this.#timer = undefined;
    }
  }
}

/** One for all waits of this thread, on whatever shared timeline. */
export const keepAlive: KeepAlive = /* @__PURE__ */ new KeepAlive();
