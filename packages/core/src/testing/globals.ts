import type { Timer, TimerQueue } from './timer-queue.js';

/** What a program sets its timers with. */
interface Globals {
  performance: { now: () => number };
  setTimeout: unknown;
  clearTimeout: unknown;
  setInterval: unknown;
  clearInterval: unknown;
}

type Run = (...args: readonly unknown[]) => void;

/** The shortest time between two runs of an interval, as on every platform: else one instant would never end. */
const SHORTEST_MS = 1;

/** A timer of the program's. It has what Node's have; in browsers it is an object where theirs is a number. */
class ProgramTimer implements Disposable {
  readonly #start: () => Timer;
  #timer: Timer;
  #refed = true;

  constructor(start: () => Timer) {
    this.#start = start;
    this.#timer = start();
  }

  /** Sets it anew. */
  refresh(): this {
    this.#timer.cancel();
    this.#timer = this.#start();
    return this;
  }

  close(): this {
    this.#timer.cancel();
    return this;
  }

  // A virtual timer keeps no process alive; what was asked for is remembered, since programs look at it.

  ref(): this {
    this.#refed = true;
    return this;
  }

  unref(): this {
    this.#refed = false;
    return this;
  }

  hasRef(): boolean {
    return this.#refed;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Puts a virtual clock in the place of the clock and the timers that the whole program uses. */
export function replaceGlobals({ now, queue }: { now: () => number; queue: TimerQueue }): Disposable {
  const globals = globalThis as unknown as Globals;
  const { performance, setTimeout, clearTimeout, setInterval, clearInterval } = globals;
  const ownNow = Object.getOwnPropertyDescriptor(performance, 'now');
  const delay = (ms: unknown): number => {
    const number = Number(ms);
    return number >= SHORTEST_MS ? number : SHORTEST_MS;
  };
  const clear = (timer: unknown): void => {
    if (timer instanceof ProgramTimer) timer.close();
    // Set before the clock was replaced.
    else (clearTimeout as (timer: unknown) => void)(timer);
  };
  Object.defineProperty(performance, 'now', { value: now, configurable: true, writable: true });
  Object.assign(globals, {
    setTimeout: (run: Run, ms?: unknown, ...args: readonly unknown[]) =>
      new ProgramTimer(() =>
        queue.add(now() + delay(ms), () => {
          run(...args);
        }),
      ),
    setInterval: (run: Run, ms?: unknown, ...args: readonly unknown[]) =>
      new ProgramTimer(() => {
        const timer = queue.add(now() + delay(ms), () => {
          // In its place before it runs, so that it can clear itself.
          timer.at += delay(ms);
          queue.insert(timer);
          run(...args);
        });
        return timer;
      }),
    clearTimeout: clear,
    clearInterval: clear,
  });
  return {
    [Symbol.dispose]() {
      if (ownNow === undefined) Reflect.deleteProperty(performance, 'now');
      else Object.defineProperty(performance, 'now', ownNow);
      Object.assign(globals, { setTimeout, clearTimeout, setInterval, clearInterval });
    },
  };
}
