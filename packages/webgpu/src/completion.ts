import { submitTo } from './adoption.js';
import type { GpuQueue } from './gpu-queue.js';

/** Of submits that nobody waits for, completion is asked for once in so many: else they would all be kept. */
const UNWAITED = 64;
/** An idle queue that needs longer to say so looks at completion on a slow timer. */
const SLOW_MS = 20;
/** How often such a queue is nudged. */
const NUDGE_MS = 4;

/**
 * When to ask for `onSubmittedWorkDone`: once a turn, and only if somebody waits.
 *
 * One promise serves all submits of a turn. Asked once for all that is in flight, completions would come in growing batches under
 * load; asked for each submit, they would cost more than the submit.
 */
export class Completion {
  readonly #client: GpuQueue;
  /** Somebody waits for the submits up to here. */
  #wanted = 0;
  /** Completion was asked for up to here. */
  #asked = 0;
  /** It will be at the end of this turn. */
  #scheduled = false;
  /** Answers that are still to come. */
  #open = 0;
  /** Milliseconds between nudges; undefined: none. */
  #every: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(client: GpuQueue, nudge: 'auto' | 'off' | number) {
    this.#client = client;
    if (nudge === 'auto') this.#measure();
    else if (nudge !== 'off') this.#every = nudge;
  }

  /** Somebody waits for submit `seqno`, which may be still to come. */
  want(seqno: number): void {
    if (seqno > this.#wanted) this.#wanted = seqno;
    this.submitted();
  }

  /** Something was submitted. */
  submitted(): void {
    const { submitted } = this.#client;
    if (Math.min(this.#wanted, submitted) > this.#asked || submitted - this.#asked >= UNWAITED) this.ask();
  }

  /** Asks at the end of this turn, whoever waits. */
  ask(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#ask();
    });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #ask(): void {
    this.#scheduled = false;
    if (this.#stopped) return;
    const client = this.#client;
    this.#asked = client.submitted;
    const done = client._asking();
    this.#open++;
    client.device.queue.onSubmittedWorkDone().then(
      () => {
        this.#open--;
        done();
      },
      (error: unknown) => {
        this.#open--;
        client._lose(error);
      },
    );
    this.#nudgeLater();
  }

  /** An idle queue answers in a fraction of a millisecond, but for engines that look only every 100 ms. */
  #measure(): void {
    const begin = performance.now();
    this.#client.device.queue.onSubmittedWorkDone().then(
      () => {
        if (performance.now() - begin <= SLOW_MS) return;
        this.#every = NUDGE_MS;
        this.#nudgeLater();
      },
      // A device that is gone: `lost` tells.
      () => undefined,
    );
  }

  /** An empty submit makes such an engine look at once. Another submit in the meantime has done it already. */
  #nudgeLater(): void {
    if (this.#every === undefined || this.#timer !== undefined || this.#open === 0 || this.#stopped) return;
    const { submitted } = this.#client;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#open > 0 && this.#client.submitted === submitted) submitTo(this.#client.device.queue, []);
      this.#nudgeLater();
    }, this.#every);
  }
}
