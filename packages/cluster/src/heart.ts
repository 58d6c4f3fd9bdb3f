import { clearTimer, now, setTimer } from './clock.js';
import type { EngineLease } from './engine.js';

/** Beats in a lease's time, and the part of it after which the lease counts as lost here: before any server can say so. */
const BEATS = 4;
const SURE = 0.9;

/** What a heart does to the server. */
export interface HeartWork {
  /** Tells the server that this process lives; false: the server no longer knows the lease, it cannot be had back. */
  beat(): Promise<boolean>;
  /** Ends the lease at once. */
  end(): Promise<void>;
}

/**
 * The process's side of a lease: beats, and says `lost` when the newest beat that was acknowledged is too old.
 *
 * The time of a beat counts from before it was sent, so that the server, who counts from when it came, is always later. A process
 * that was stopped finds its timers late when it goes on, and the lease lost with them.
 */
export class Heart implements EngineLease {
  readonly id: string;
  readonly #ms: number;
  readonly #work: HeartWork;
  readonly #lost = new AbortController();
  #sureUntil: number;
  #timer: unknown;
  #beating = false;

  /** `begunAt` is when the first beat was sent. */
  constructor(id: string, ms: number, begunAt: number, work: HeartWork) {
    this.id = id;
    this.#ms = ms;
    this.#work = work;
    this.#sureUntil = begunAt + ms * SURE;
    this.#timer = setTimer(this.#tick, ms / BEATS);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Says that the server will not have this lease any more. */
  stop(): void {
    clearTimer(this.#timer);
    this.#lost.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    // A lease that cannot be given back ends by itself.
    await this.#work.end().catch(() => undefined);
  }

  readonly #tick = (): void => {
    const left = this.#sureUntil - now();
    if (left <= 0) {
      this.stop();
      return;
    }
    if (!this.#beating) void this.#beat();
    this.#timer = setTimer(this.#tick, Math.min(left, this.#ms / BEATS));
  };

  async #beat(): Promise<void> {
    this.#beating = true;
    const sent = now();
    try {
      if (await this.#work.beat()) this.#sureUntil = Math.max(this.#sureUntil, sent + this.#ms * SURE);
      else this.stop();
    } catch {
      // The next beat tries again, until the time is over.
    }
    this.#beating = false;
  }
}
