import type { JobState } from './job-state.js';
import { decide } from './turn.js';

/** The jobs that an AbortSignal cancels: one listener for all of them, so that a signal may be handed to any number. */
class Listening {
  readonly jobs = new Set<JobState>();
  readonly #signal: AbortSignal;
  readonly #aborted = (): void => {
    const { reason } = this.#signal as { reason: unknown };
    decide(() => {
      for (const job of [...this.jobs]) job.abortedBy(reason);
    });
  };

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.#aborted, { once: true });
  }

  stop(): void {
    this.#signal.removeEventListener('abort', this.#aborted);
  }
}

const listening = new WeakMap<AbortSignal, Listening>();

/** Has a job canceled when `signal` aborts, until `forget`. */
export function listen(signal: AbortSignal, job: JobState): void {
  let one = listening.get(signal);
  if (one === undefined) listening.set(signal, (one = new Listening(signal)));
  one.jobs.add(job);
}

export function forget(signal: AbortSignal, job: JobState): void {
  const one = listening.get(signal);
  if (one?.jobs.delete(job) !== true || one.jobs.size > 0) return;
  listening.delete(signal);
  one.stop();
}
