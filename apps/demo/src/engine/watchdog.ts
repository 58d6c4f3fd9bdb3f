import type { Clock } from '../clock.js';

/** Barks when the job that it watches is not done in time. Watches one job at a time, as an engine runs one. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #bark: (ms: number) => void;
  #timer: Disposable | undefined;

  /**
   * @param clock - where time comes from
   * @param bark - called once for a job that took longer than its `ms`
   */
  constructor(clock: Clock, bark: (ms: number) => void) {
    this.#clock = clock;
    this.#bark = bark;
  }

  /** Watches a job for `ms` milliseconds from now, and none other. */
  watch(ms: number): void {
    this.rest();
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = undefined;
      this.#bark(ms);
    });
  }

  /** The job is over: stops watching. */
  rest(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
