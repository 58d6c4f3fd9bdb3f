import { unfit } from '../error.js';
import type { DriverFence } from '../fence/dma-fence.js';
import { checkHeld, type Fence } from '../fence/fence.js';
import { runOwn } from '../signalling.js';
import { validator } from '../validator.js';

/**
 * Something that work holds while it runs and other work waits for: the credits of a queue, the slots of a pool.
 *
 * To the validator of `/lockdep` it is a class of locks: work that holds it and waits for a fence whose work needs it too
 * (`FenceNeeds.capacity`) is reported, on a run where nothing hangs.
 *
 * @example The workers of a pool
 * ```ts
 * import { Capacity } from '@dma-fence/core/producer';
 *
 * const workers = new Capacity('workers of the pool');
 * workers.name; // 'workers of the pool'
 * ```
 */
export class Capacity {
  /** What reports call it; capacities with the same name are one class. */
  readonly name: string;

  constructor(name: string) {
    if (typeof name !== 'string' || name === '') throw unfit('Capacity: name', 'a name', name);
    this.name = name;
  }

  /**
   * Says that `holder` has given its share back. Without the validator it does nothing.
   *
   * @param holder as given to `runInFence`.
   */
  release(holder: object): void {
    validator?.unlocked(holder);
  }
}

/**
 * A share of a capacity that work holds.
 *
 * @example One slot of a pool
 * ```ts
 * import { Capacity, type CapacityShare } from '@dma-fence/core/producer';
 *
 * const share: CapacityShare = { capacity: new Capacity('workers'), holder: { job: 7 } };
 * ```
 */
export interface CapacityShare {
  /** Of what. */
  readonly capacity: Capacity;
  /** Whoever holds it, until `capacity.release(holder)`. */
  readonly holder: object;
}

/**
 * Runs work inside a fence's own signalling section, as a task of its own; the caller signals the fence.
 *
 * `signalAfter` signals by itself. This is for producers whose fence ends later, or elsewhere, than the work returns.
 *
 * @param fence whose producer the caller is; borrowed.
 * @param work called at once.
 * @param share what the work holds until it is released, also after the fence has signaled.
 * @returns what `work` returns; what it throws is thrown.
 * @throws FenceError `EINVAL` after the fence's last reference was put.
 *
 * @example A job that hardware ends
 * ```ts
 * import { DmaFenceContext } from '@dma-fence/core';
 * import { runInFence } from '@dma-fence/core/producer';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using fence = context.createFence();
 * const command = runInFence(fence, () => ({ doorbell: 7 }));
 * fence.signal(); // true
 * ```
 */
export function runInFence<R>(fence: DriverFence, work: () => R, share?: CapacityShare): R {
  const own = fence as Fence;
  checkHeld(own, 'runInFence');
  return runOwn(own, work, share);
}
