import type { WaitOptions } from '@dma-fence/core';
import { limitedWait, refusal } from '@dma-fence/core/producer';
import type { QueueState } from './queue-state.js';

/** Somebody who waits. */
interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Somebody who was let in, and is expected to push a job. */
interface Guest {
  gone: boolean;
}

/** For so many rounds of microtasks a place is kept for somebody who was let in: longer than an `await` or a few take. */
const PATIENCE = 24;

/** Lets producers in one after the other while there is room for another waiting job. */
export class Room {
  readonly #queue: QueueState;
  readonly #waiters = new Set<Waiter>();
  readonly #guests = new Set<Guest>();

  constructor(queue: QueueState) {
    this.#queue = queue;
  }

  async wait(options: WaitOptions | undefined): Promise<void> {
    const queue = this.#queue;
    await limitedWait<undefined>(
      `${queue.name}: room()`,
      options,
      (resolve, reject) => {
        if (queue.closed) {
          reject(closed(queue));
          return undefined;
        }
        const waiter: Waiter = {
          resolve: () => {
            resolve(undefined);
          },
          reject,
        };
        this.#waiters.add(waiter);
        this.admit();
        return () => {
          this.#waiters.delete(waiter);
        };
      },
      queue.capacity,
    );
  }

  /** Fewer jobs wait, or somebody has used their place. */
  admit(): void {
    const { maxWaiting } = this.#queue.settings;
    for (const waiter of this.#waiters) {
      if (this.#queue.waiting + this.#guests.size >= maxWaiting) return;
      this.#waiters.delete(waiter);
      if (maxWaiting !== Infinity) this.#expect();
      waiter.resolve();
    }
  }

  /** A job was pushed: by whoever was let in first, we take it. */
  pushed(): void {
    for (const guest of this.#guests) {
      guest.gone = true;
      this.#guests.delete(guest);
      break;
    }
    this.admit();
  }

  close(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const { reject } of waiters) reject(closed(this.#queue));
  }

  /** Keeps a place; if nobody uses it for a while, it is the next one's. */
  #expect(): void {
    const guest: Guest = { gone: false };
    this.#guests.add(guest);
    let rounds = 0;
    const tick = (): void => {
      if (guest.gone) return;
      if (++rounds < PATIENCE) {
        queueMicrotask(tick);
        return;
      }
      this.#guests.delete(guest);
      this.admit();
    };
    queueMicrotask(tick);
  }
}

function closed({ name }: QueueState): Error {
  return refusal(`${name}: room()`, 'the queue is closed; make another', 'ECANCELED');
}
