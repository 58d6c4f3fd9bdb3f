import { platform } from '../platform.js';
import { hasWaitAsync, type Memory } from './memory.js';
import type { Progress } from './progress.js';

/** What a waiter works for: one thread's end of a timeline. */
export interface Awaiting {
  /** Up to which value somebody in this thread wants to know. */
  readonly wanted: number;
  /** Signals what `progress` says is finished. */
  catchUp(): void;
}

/** Without `Atomics.waitAsync` one has to look: soon after something happened, ever more rarely while nothing does. */
const SHORTEST_POLL_MS = 1;
const LONGEST_POLL_MS = 16;

/**
 * The wake-up of a thread that does not block: at most one `Atomics.waitAsync` under way, however many fences wait.
 *
 * It cannot be taken back once armed. So when nobody wants it any more it is left alone; when somebody does again, it is still good:
 * a notify wakes it whatever VALUE was when it was armed, so VALUE has only to say again that somebody waits.
 */
export class Waiter {
  readonly #memory: Memory;
  readonly #progress: Progress;
  readonly #awaiting: Awaiting;
  readonly #polls: boolean;
  /** Somebody wants to be woken. */
  #wanted = false;
  /** A wake-up will come, if anybody notifies. */
  #armed = false;
  #closed = false;
  #pollMs = SHORTEST_POLL_MS;
  #timer: unknown = undefined;

  constructor(memory: Memory, progress: Progress, awaiting: Awaiting, polls?: boolean) {
    this.#memory = memory;
    this.#progress = progress;
    this.#awaiting = awaiting;
    this.#polls = polls ?? !hasWaitAsync();
  }

  /** Sees to it that everything up to `wanted` gets settled; call it again when `wanted` has risen. */
  arm(): void {
    const progress = this.#progress;
    while (!this.#closed) {
      this.#wanted = true;
      progress.look();
      const { word, value, canceled } = progress;
      this.#awaiting.catchUp();
      if (canceled || value >= this.#awaiting.wanted) {
        this.rest();
        return;
      }
      // What settling ran may have looked again: sleep on what was settled, so that nothing is missed.
      if (this.#polls) {
        this.#poll();
        return;
      }
      // One that is armed already sleeps on whatever it was armed with, nothing compares VALUE again: the flag is what wakes it.
      const awaited = progress.await(word);
      if (awaited === undefined) continue;
      if (this.#armed) return;
      this.#armed = true;
      if (this.#memory.waitAsync(awaited, this.#wake)) return;
      this.#armed = false;
    }
  }

  /** Never settles anything again. The caller notifies, so that a wake-up still under way is given back. */
  close(): void {
    this.#closed = true;
    this.rest();
  }

  /** Nobody wants to be woken any more: the next wake-up is for nothing. */
  rest(): void {
    if (this.#timer !== undefined) platform.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#pollMs = SHORTEST_POLL_MS;
    this.#wanted = false;
  }

  readonly #wake = (): void => {
    this.#armed = false;
    if (this.#wanted) this.arm();
  };

  #poll(): void {
    if (this.#timer !== undefined) return;
    const look = (): void => {
      this.#timer = undefined;
      this.#pollMs = Math.min(this.#pollMs * 2, LONGEST_POLL_MS);
      this.arm();
    };
    // In the background, as nothing of a timeline keeps a process alive by itself: see `ThreadEnd` for what does.
    this.#timer = platform.setTimer(look, this.#pollMs, 'background');
  }
}
