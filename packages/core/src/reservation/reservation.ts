import { INSPECT } from '../inspect.js';
import { AcquireContext } from './acquire-context.js';
import { isContainer } from '../container/container.js';
import { DmaFenceContext } from '../fence/context.js';
import { checkOptions, invalid, unfit } from '../error.js';
import type { DmaFence, FenceSummary } from '../fence/dma-fence.js';
import { adoptArray, disarm } from '../container/fence-array.js';
import { FenceSlots } from './fence-slots.js';
import { checkUsage, FenceUsage, usageBefore } from './fence-usage.js';
import { released, type Fence } from '../fence/fence.js';
import { giveBack, hold } from '../fence/held.js';
import { LockQueue } from './lock-queue.js';
import { signaledFence } from '../fence/stub.js';
import { remainingLeaves } from '../container/unwrap.js';
import { validator, type Validator } from '../validator.js';
import { waitForFence } from '../wait/fence-wait.js';
import { limitsOf, type Limits } from '../wait/limits.js';
import { fenceOf } from '../fence/arguments.js';
import type { WaitOptions } from '../wait/wait.js';

/**
 * The right to change the fences of a reservation, until `unlock`.
 *
 * @example Publish a job's fence while the lock is held
 * ```ts
 * import { DmaFenceContext, DmaReservation, FenceUsage } from '@dma-fence/core';
 *
 * const ring = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * const buffer = new DmaReservation();
 * const lock = await buffer.lock();
 * const fence = ring.createFence();
 * lock.add(fence, FenceUsage.WRITE);
 * lock.unlock();
 * fence.signal();
 * fence.put();
 * ```
 */
export interface ReservationLock extends Disposable {
  /**
   * Adds a fence. It replaces an earlier one of its context with the same or a weaker usage. A container is added leaf by leaf.
   *
   * @param fence borrowed. The reservation takes its own reference.
   * @param usage the meaning of the fence for others.
   * @throws FenceError `EINVAL` for anything else, and after `unlock`. Kernel: `dma_resv_add_fence`.
   */
  add(fence: DmaFence, usage: FenceUsage): void;
  /**
   * Replaces all fences of one context with a fence. Does nothing if there are none.
   *
   * @param context the context whose fences are replaced, signaled or not.
   * @param fence borrowed. A container is added leaf by leaf.
   * @param usage the meaning of the fence for others.
   * @throws FenceError as `add`. Kernel: `dma_resv_replace_fences`.
   */
  replace(context: DmaFenceContext, fence: DmaFence, usage: FenceUsage): void;
  /**
   * Replaces everything here with the pending fences of another reservation, with their usages.
   *
   * @throws FenceError `EINVAL` for anything but a reservation, and after `unlock`. Kernel: `dma_resv_copy_fences`.
   */
  copyFrom(other: DmaReservation): void;
  /** Passes the lock to the next waiter. You may call it more than once. Kernel: `dma_resv_unlock`. */
  unlock(): void;
}

class Lock implements ReservationLock {
  readonly #slots: FenceSlots;
  readonly #name: string;
  #queue: LockQueue<Lock> | undefined;

  constructor(name: string, slots: FenceSlots, queue: LockQueue<Lock>) {
    this.#name = name;
    this.#slots = slots;
    this.#queue = queue;
  }

  add(fence: DmaFence, usage: FenceUsage): void {
    const who = this.#check('add', usage);
    const added = fenceOf(who, fence);
    // Most are plain, and need no iterator.
    if (!isContainer(added)) this.#slots.add(added.get(), usage);
    else for (const leaf of leavesHeld(added)) this.#slots.add(leaf, usage);
  }

  replace(context: DmaFenceContext, fence: DmaFence, usage: FenceUsage): void {
    const who = this.#check('replace', usage);
    if (!(context instanceof DmaFenceContext)) throw unfit(`${who}: context`, 'a DmaFenceContext', context);
    const replacement = fenceOf(who, fence);
    if (!this.#slots.has(context)) return;
    const leaves = leavesHeld(replacement);
    this.#slots.replace(
      context,
      leaves.map((leaf) => ({ fence: leaf, usage })),
    );
  }

  copyFrom(other: DmaReservation): void {
    const who = this.#check('copyFrom', FenceUsage.KERNEL);
    if (!(other instanceof DmaReservation)) throw unfit(`${who}: what it takes`, 'a DmaReservation', other);
    this.#slots.replace(undefined, other._slots.pendingSlots(FenceUsage.BOOKKEEP));
  }

  unlock(): void {
    const queue = this.#queue;
    this.#queue = undefined;
    if (queue !== undefined) validator?.unlocked(this);
    queue?.release(this);
  }

  [Symbol.dispose](): void {
    this.unlock();
  }

  #check(call: string, usage: FenceUsage): string {
    const who = `${this.#name}: ${call}()`;
    if (this.#queue === undefined) throw invalid(`${who} after unlock(); lock it again`);
    checkUsage(who, usage);
    return who;
  }
}

/** What of a fence goes into a reservation, with references. */
function leavesHeld(fence: Fence): Fence[] {
  return isContainer(fence) ? Array.from(remainingLeaves(fence), hold) : [fence.get()];
}

/**
 * Options of a reservation.
 *
 * @example Give it a name for error messages and reports
 * ```ts
 * import { DmaReservation, type DmaReservationOptions } from '@dma-fence/core';
 *
 * const options: DmaReservationOptions = { name: 'back buffer' };
 * const buffer = new DmaReservation(options);
 * ```
 */
export interface DmaReservationOptions {
  /** Its name in messages and reports. Default: 'reservation'. */
  name?: string | undefined;
}

/**
 * The fences of the readers and writers of one buffer (implicit synchronisation).
 *
 * You need the lock to change them, but not to look or wait. The reservation holds a reference to each fence until the fence is
 * replaced, or removed some time after its signal. Signaled fences do not count. Stands for `struct dma_resv`.
 *
 * @example A reader waits for the writer
 * ```ts
 * import { DmaFenceContext, DmaReservation, FenceUsage } from '@dma-fence/core';
 *
 * const ring = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using buffer = new DmaReservation();
 * using written = ring.createFence();
 * {
 *   using lock = await buffer.lock();
 *   lock.add(written, FenceUsage.WRITE);
 * }
 * const readable = buffer.wait(FenceUsage.WRITE);
 * written.signal();
 * await readable;
 * ```
 */
export class DmaReservation implements Disposable {
  /** Its name in messages and reports. */
  readonly name: string;
  /** @internal */
  readonly _slots: FenceSlots = new FenceSlots();
  readonly #queue: LockQueue<Lock>;

  constructor(options: DmaReservationOptions = {}) {
    checkOptions('DmaReservation', options, ['name']);
    const { name = 'reservation' } = options;
    if (typeof name !== 'string') throw unfit('DmaReservation: name', 'a string', name);
    this.name = name;
    this.#queue = new LockQueue<Lock>(name, (queue) => new Lock(name, this._slots, queue));
  }

  /**
   * Takes the lock, and waits for it if necessary.
   *
   * @param acquire the transaction, if you lock several reservations at once. Without one, nothing prevents deadlocks.
   * @param options how long to wait. With a timeout of 0, the call takes the lock now or rejects.
   * @returns a promise for the lock. It rejects with `EDEADLK` if the wait could be a deadlock (unlock everything, then lock this
   * one first), with `EALREADY` if the transaction already has this lock, with `ETIME`, with `signal.reason`, with `ECANCELED` if
   * the transaction was disposed of, and with `EINVAL` for bad arguments. Kernel: `dma_resv_lock`, `dma_resv_lock_slow`.
   */
  lock(acquire?: AcquireContext, options?: WaitOptions): Promise<ReservationLock> {
    // Not async: that would be a second promise for each that waits.
    try {
      if (acquire !== undefined && !(acquire instanceof AcquireContext)) {
        throw unfit(`${this.name}: lock(): acquire`, 'an AcquireContext', acquire);
      }
      const limits = limitsOf([this, 'lock()'], options);
      if (validator === undefined) return this.#queue.take(acquire, limits);
      return this.#validated(acquire, limits, validator);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #validated(
    acquire: AcquireContext | undefined,
    limits: Limits,
    checking: Validator,
  ): Promise<ReservationLock> {
    // Awaited here, so that who awaits this shows on the stack.
    const lock = await checking.lock(this, acquire, limits.timeoutMs === 0, () =>
      this.#queue.take(acquire, limits),
    );
    return lock;
  }

  /** Takes the lock if it is free, else returns undefined. It never waits. Kernel: `dma_resv_trylock`. */
  tryLock(): ReservationLock | undefined {
    const lock = this.#queue.tryTake();
    if (lock !== undefined) validator?.tryLocked(this, lock);
    return lock;
  }

  /**
   * Polls the fences with a usage or a stronger one, and lists the pending ones.
   *
   * @param usage the weakest usage that counts.
   * @returns an iterator over borrowed fences, in the order of their addition. It lists the fences that were present at its first
   * step and are still pending at their turn. Changes in between do not matter. You may leave early with `break` or `return`.
   * @throws FenceError `EINVAL` for an unknown usage. Kernel: `dma_resv_for_each_fence_unlocked`, `dma_resv_get_fences`.
   */
  fences(usage: FenceUsage): IterableIterator<DmaFence> {
    checkUsage([this, 'fences()'], usage);
    return pendingFences(this._slots, usage);
  }

  /**
   * Polls the fences with a usage or a stronger one, up to the first pending one.
   *
   * @param usage the weakest usage that counts.
   * @returns true if none is pending now.
   * @throws FenceError `EINVAL` for an unknown usage. Kernel: `dma_resv_test_signaled`.
   */
  poll(usage: FenceUsage): boolean {
    checkUsage([this, 'poll()'], usage);
    return !this._slots.isPending(usage);
  }

  /**
   * Waits until every fence with a usage or a stronger one has signaled, of those that are pending now.
   *
   * After a failure it still waits for the others, so that no writer starts beside a running reader.
   *
   * @param usage the weakest usage that counts: `WRITE` before reading, `READ` before writing, `BOOKKEEP` before moving.
   * @param options as for `DmaFence.wait`. The timeout is for all fences together.
   * @returns a promise. It resolves when all have succeeded, or at once if none is pending. When all have signaled and one has
   * failed, it rejects with the first error. It also rejects with `ETIME`, `signal.reason`, or `EINVAL`. Kernel: `dma_resv_wait_timeout`.
   */
  async wait(usage: FenceUsage, options?: WaitOptions): Promise<void> {
    checkUsage([this, 'wait()'], usage);
    const limits = limitsOf([this, 'wait()'], options);
    const all = gather(this._slots.pending(usage));
    if (all === undefined) return;
    try {
      await waitForFence(all, limits);
    } finally {
      disarm(all);
      giveBack(all);
    }
  }

  /**
   * Returns one fence for all pending ones with a usage or a stronger one.
   *
   * @param usage the weakest usage that counts.
   * @returns undefined if none is pending, the fence itself if one is, else an array. You own the fence.
   * @throws FenceError `EINVAL` for an unknown usage. Kernel: `dma_resv_get_singleton`.
   */
  singleton(usage: FenceUsage): DmaFence | undefined {
    checkUsage([this, 'singleton()'], usage);
    return gather(this._slots.pending(usage));
  }

  /**
   * Tells every pending fence with a usage or a stronger one when the results are wanted. It is a hint.
   *
   * @param usage the weakest usage that counts.
   * @param deadline absolute, in ms on the `performance.now()` clock.
   * @throws FenceError `EINVAL` for an unknown usage or NaN. Kernel: `dma_resv_set_deadline`.
   */
  setDeadline(usage: FenceUsage, deadline: number): void {
    const who = `${this.name}: setDeadline()`;
    checkUsage(who, usage);
    if (typeof deadline !== 'number' || Number.isNaN(deadline)) {
      throw unfit(`${who}: deadline`, 'a number of ms on the performance.now() clock', deadline);
    }
    for (const fence of pendingFences(this._slots, usage)) if (!released(fence)) fence.setDeadline(deadline);
  }

  /**
   * Returns a snapshot for code with explicit synchronisation: the fence it must wait for before it reads or writes.
   *
   * @param access the access that you want.
   * @returns one fence for the pending ones, or the stub if there is none. You own it. Later changes do not affect it.
   * @throws FenceError `EINVAL` for another access. Kernel: `DMA_BUF_IOCTL_EXPORT_SYNC_FILE`.
   */
  exportFence(access: 'read' | 'write'): DmaFence {
    return this.singleton(usageBefore(`${this.name}: exportFence()`, access)) ?? signaledFence();
  }

  /**
   * Adds the fence of code with explicit synchronisation. From now on, other users of the reservation wait for it.
   *
   * @param fence signals when that code is done. A container is added leaf by leaf. Borrowed until the promise settles.
   * @param access the access of that code until then.
   * @param options as for `lock`.
   * @returns a promise that resolves when the fence is in the reservation. It rejects as `lock` does.
   * Kernel: `DMA_BUF_IOCTL_IMPORT_SYNC_FILE`.
   */
  async importFence(fence: DmaFence, access: 'read' | 'write', options?: WaitOptions): Promise<void> {
    const who = `${this.name}: importFence()`;
    usageBefore(who, access);
    fenceOf(who, fence);
    const lock = await this.lock(undefined, options);
    try {
      lock.add(fence, access === 'read' ? FenceUsage.READ : FenceUsage.WRITE);
    } finally {
      lock.unlock();
    }
  }

  /** Puts every fence. Kernel: `dma_resv_fini`. */
  [Symbol.dispose](): void {
    this._slots.clear();
  }

  /** The printed form, in `JSON.stringify` and in Node's `console.log`. It polls nothing. */
  toJSON(): { name: string; fences: readonly (FenceSummary & { usage: keyof typeof FenceUsage })[] } {
    return { name: this.name, fences: this._slots.summary() };
  }

  /** @internal */
  [INSPECT](): unknown {
    return this.toJSON();
  }
}

/** One fence for several, whose references it takes over. */
function gather(fences: Fence[]): Fence | undefined {
  return fences.length > 1 ? adoptArray(fences, false) : fences[0];
}

/** A snapshot of pending fences, each held until the iteration is over. */
function* pendingFences(slots: FenceSlots, usage: FenceUsage): Generator<Fence, undefined> {
  const snapshot = slots.pending(usage);
  try {
    for (const fence of snapshot) if (!fence.signaled) yield fence;
  } finally {
    for (const fence of snapshot) giveBack(fence);
  }
}
