import { now, setTimer } from '@dma-fence/core/producer';
import { submitTo } from './adoption.js';
import type { GpuQueue } from './gpu-queue.js';

/** Of submits that nobody waits for, completion is asked for once in so many: else they would all be kept. */
const UNWAITED = 64;
/** An idle queue that needs longer to say so looks at completion on a slow timer. */
const SLOW_MS = 20;
/** An answer during which something was submitted says nothing; that is as often as it is asked again. */
const TRIES = 8;
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
  #timer: Disposable | undefined;
  #stopped = false;

  constructor(client: GpuQueue, nudge: 'auto' | 'off' | number) {
    this.#client = client;
    if (nudge === 'auto') this.#measure(TRIES, -1);
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
    this.#timer?.[Symbol.dispose]();
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
        // Whatever the device says of itself: without completion nothing here can end well.
        client._suspect(error, () => {
          client._lose(error);
        });
      },
    );
    this.#nudgeLater();
  }

  /**
   * An idle queue answers in a fraction of a millisecond, but for engines that look only every 100 ms.
   *
   * The first answer tells nothing, for such a timer may be about to run out; the next one then takes all of it. Nor does an answer
   * during which something was submitted: that makes the engine look, or there is work to wait for.
   *
   * @param before submits when it was asked the time before.
   */
  #measure(tries: number, before: number): void {
    const { device, submitted } = this.#client;
    const begin = now();
    device.queue.onSubmittedWorkDone().then(
      () => {
        if (this.#stopped) return;
        if (tries > 0 && this.#client.submitted !== before) this.#measure(tries - 1, submitted);
        else if (now() - begin > SLOW_MS) {
          this.#every = NUDGE_MS;
          this.#nudgeLater();
        }
      },
      // A device that is gone: `lost` tells.
      () => undefined,
    );
  }

  /** An empty submit makes such an engine look at once. Another submit in the meantime has done it already. */
  #nudgeLater(): void {
    if (this.#every === undefined || this.#timer !== undefined || this.#open === 0 || this.#stopped) return;
    const { submitted } = this.#client;
    this.#timer = setTimer(() => {
      this.#timer = undefined;
      if (this.#open > 0 && this.#client.submitted === submitted) submitTo(this.#client.device.queue, []);
      this.#nudgeLater();
    }, this.#every);
  }
}
