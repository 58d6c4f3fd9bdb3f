import { AcquireContext } from './acquire-context.js';
import { FenceError, invalid, unfit } from '../error.js';
import { platform } from '../platform.js';
import { DmaReservation, type ReservationLock } from './reservation.js';
import { limitsOf } from '../wait/limits.js';
import type { WaitOptions } from '../wait/wait.js';

/**
 * The locks of several reservations that were taken together.
 *
 * @example Publish one fence on all buffers of a job
 * ```ts
 * import { type DmaFence, type DmaReservation, FenceUsage, type ReservationLocks } from '@dma-fence/core';
 *
 * function publish(locks: ReservationLocks, buffers: readonly DmaReservation[], done: DmaFence): void {
 *   for (const buffer of buffers) locks.of(buffer).add(done, FenceUsage.WRITE);
 *   locks.unlock();
 * }
 * ```
 */
export interface ReservationLocks extends Disposable {
  /** The lock of one of them. Throws a `FenceError` with `EINVAL` for any other reservation. */
  of(reservation: DmaReservation): ReservationLock;
  /** Unlocks all of them. You may call it more than once. */
  unlock(): void;
}

class Locks implements ReservationLocks {
  readonly #locks: ReadonlyMap<DmaReservation, ReservationLock>;

  constructor(locks: ReadonlyMap<DmaReservation, ReservationLock>) {
    this.#locks = locks;
  }

  of(reservation: DmaReservation): ReservationLock {
    const lock = this.#locks.get(reservation);
    if (lock === undefined) {
      throw invalid(
        'ReservationLocks: of() takes one of the reservations that were locked; lock all of them together',
      );
    }
    return lock;
  }

  unlock(): void {
    for (const lock of this.#locks.values()) lock.unlock();
  }

  [Symbol.dispose](): void {
    this.unlock();
  }
}

/**
 * Locks any number of reservations, in any order. Any number of tasks may do so at once: there is no deadlock, and each task
 * gets its turn (wait-die).
 *
 * @param list the reservations. Duplicates count once.
 * @param options how long to wait for all of them. If the wait ends early, the locks taken so far are unlocked.
 * @returns a promise for the locks. It rejects with `ETIME`, `signal.reason`, or `EINVAL` for bad arguments.
 * Stands for the loop around `ww_mutex_lock` that every driver has, and `drm_gem_lock_reservations`.
 *
 * @example A copy from one buffer to another
 * ```ts
 * import { DmaFenceContext, DmaReservation, FenceUsage, lockReservations } from '@dma-fence/core';
 *
 * const queue = new DmaFenceContext({ driverName: 'gpu', timelineName: 'copy' });
 * const [source, target] = [new DmaReservation(), new DmaReservation()];
 * using copied = queue.createFence();
 * {
 *   using locks = await lockReservations([source, target]);
 *   locks.of(source).add(copied, FenceUsage.READ);
 *   locks.of(target).add(copied, FenceUsage.WRITE);
 * }
 * copied.signal();
 * ```
 */
export async function lockReservations(
  list: Iterable<DmaReservation>,
  options?: WaitOptions,
): Promise<ReservationLocks> {
  const { timeoutMs, signal } = limitsOf('lockReservations()', options);
  const reservations = reservationsOf(list);
  const end = timeoutMs === Infinity ? Infinity : platform.now() + timeoutMs;
  const transaction = new AcquireContext();
  const locks = new Map<DmaReservation, ReservationLock>();
  /** The one that could not be had, to be locked first, now that nothing is held. */
  let first: DmaReservation | undefined;
  try {
    for (;;) {
      const contended = await lockAll(order(reservations, first), transaction, locks, () => ({
        timeoutMs: end === Infinity ? Infinity : Math.max(0, end - platform.now()),
        signal,
      }));
      if (contended === undefined) return new Locks(locks);
      first = contended;
      transaction[Symbol.dispose]();
      locks.clear();
    }
  } catch (error) {
    transaction[Symbol.dispose]();
    throw error;
  }
}

function reservationsOf(list: Iterable<DmaReservation>): Set<DmaReservation> {
  if (typeof (list as Partial<Iterable<DmaReservation>> | undefined)?.[Symbol.iterator] !== 'function') {
    throw unfit('lockReservations(): list', 'iterable', list);
  }
  const reservations = new Set<DmaReservation>();
  for (const reservation of list) {
    if (!(reservation instanceof DmaReservation)) {
      throw unfit('lockReservations(): each element', 'a DmaReservation', reservation);
    }
    reservations.add(reservation);
  }
  return reservations;
}

function order(reservations: Set<DmaReservation>, first: DmaReservation | undefined): Set<DmaReservation> {
  return first === undefined ? reservations : new Set([first, ...reservations]);
}

/** Locks one after the other; answers the one at which the transaction had to step back. */
async function lockAll(
  reservations: Set<DmaReservation>,
  transaction: AcquireContext,
  locks: Map<DmaReservation, ReservationLock>,
  limits: () => WaitOptions,
): Promise<DmaReservation | undefined> {
  for (const reservation of reservations) {
    try {
      locks.set(reservation, await reservation.lock(transaction, limits()));
    } catch (error) {
      if (error instanceof FenceError && error.code === 'EDEADLK') return reservation;
      throw error;
    }
  }
  return undefined;
}
