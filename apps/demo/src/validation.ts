import { lockdep, type LockdepReport } from '@dma-fence/core/lockdep';

/**
 * Runs the validator beside the pipeline: what the main thread locks, waits for and signals. Engines hold no locks, and
 * wait before their sections begin.
 */
export class Validation implements Disposable {
  readonly #session = lockdep.enable({ onReport: () => undefined });

  /** What was found until now; each once. */
  get findings(): readonly LockdepReport[] {
    return this.#session.reports;
  }

  /** Turns the validator off; its findings stay. */
  [Symbol.dispose](): void {
    this.#session[Symbol.dispose]();
  }
}
