import { FenceError } from '../error.js';

let transactions = 0;

/** A lock of one reservation that is held. */
export interface Held {
  unlock(): void;
}

/** A lock of one reservation that is asked for. */
export interface Asked {
  /** Gives it up and tells who asked. */
  refuse(error: unknown): void;
  /** Whether an older transaction holds the lock, or will get it first. */
  readonly behindOlder: boolean;
  /** Tells who asked that going on could be a deadlock. */
  die(): void;
}

/**
 * A transaction that locks several reservations, in any order, without deadlock (wait-die).
 *
 * A transaction is as old as its `AcquireContext`. An older transaction waits for a younger one. If a younger transaction holds
 * locks and would have to wait for an older one, its `lock` rejects with `EDEADLK`: unlock everything, then lock that reservation
 * first. The transaction keeps its age across attempts, so it gets its turn. `lockReservations` does all that. Disposing unlocks
 * everything it holds, and ends its waits with `ECANCELED`. Stands for `struct ww_acquire_ctx`.
 *
 * @example Lock two buffers by hand
 * ```ts
 * import { AcquireContext, DmaReservation } from '@dma-fence/core';
 *
 * const [source, target] = [new DmaReservation(), new DmaReservation()];
 * using transaction = new AcquireContext();
 * await source.lock(transaction);
 * await target.lock(transaction); // EDEADLK if an older transaction has it
 * ```
 */
export class AcquireContext implements Disposable {
  /** @internal Rises: the smaller, the older. */
  readonly _age: number = ++transactions;
  /** @internal */
  readonly _held: Set<Held> = new Set<Held>();
  /** @internal */
  readonly _asked: Map<object, Asked> = new Map<object, Asked>();

  /** Unlocks everything it holds, and ends its waits. You can use it again. It keeps its age. */
  [Symbol.dispose](): void {
    for (const asked of [...this._asked.values()]) {
      asked.refuse(new FenceError('ECANCELED', 'lock(): its AcquireContext was disposed of while it waited'));
    }
    for (const held of [...this._held]) held.unlock();
  }
}

/** It now holds `held`: what it is still waiting for may have become a deadlock. */
export function nowHolds(acquire: AcquireContext, held: Held): void {
  acquire._held.add(held);
  // One that held locks before had this settled when it asked.
  if (acquire._held.size > 1) return;
  for (const asked of [...acquire._asked.values()]) if (asked.behindOlder) asked.die();
}

/** Whether the transaction `one` began before `other`; a lock without a transaction has no age. */
export function isOlder(one: AcquireContext | undefined, other: AcquireContext | undefined): boolean {
  return one !== undefined && other !== undefined && one._age < other._age;
}
