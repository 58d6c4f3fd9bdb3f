/** Something that is to run at a time of the virtual clock. */
export class Timer {
  readonly #queue: TimerQueue;
  readonly run: () => void;
  at: number;

  constructor(queue: TimerQueue, at: number, run: () => void) {
    this.#queue = queue;
    this.at = at;
    this.run = run;
  }

  cancel(): void {
    this.#queue.remove(this);
  }
}

/** What is to run, soonest first; what is due at the same time, in the order in which it was set. */
export class TimerQueue {
  #timers: Timer[] = [];

  get size(): number {
    return this.#timers.length;
  }

  add(at: number, run: () => void): Timer {
    const timer = new Timer(this, at, run);
    this.insert(timer);
    return timer;
  }

  /** Puts a timer behind all that are due by its time. */
  insert(timer: Timer): void {
    const later = this.#timers.findIndex(({ at }) => at > timer.at);
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
  }

  remove(timer: Timer): void {
    const index = this.#timers.indexOf(timer);
    if (index >= 0) this.#timers.splice(index, 1);
  }

  /** Takes the soonest out, if it is due by `end`. */
  takeUntil(end: number): Timer | undefined {
    const [first] = this.#timers;
    return first !== undefined && first.at <= end ? this.#timers.shift() : undefined;
  }

  clear(): void {
    this.#timers = [];
  }
}
