import type { DmaFence } from './fence.js';
import { runUser, type Fence } from './fence-state.js';
import type { Tokens } from './tracer.js';
import type { Waiter } from './waiter.js';

/** A plain function on a fence: costs no record, and cannot be removed. */
export type CallbackFunction = (fence: DmaFence) => void;

/** What hangs on a fence: a user's function, a record, or a wait. */
export type CallbackEntry = CallbackFunction | AnyFenceCallback | Waiter;

/** All that hangs on a fence: one alone costs no list. */
export type FenceCallbacks = CallbackEntry | CallbackList;

/**
 * A callback that its owner can keep, preallocate, remove and reuse.
 *
 * It can be on one fence at a time, and is free again as soon as it runs or is removed. Runs synchronously inside the
 * producer's `signal()` or `fail()`: it may ask, `get`, `put`, add and remove callbacks and signal other fences; it must not wait.
 * Stands for the kernel's `struct dma_fence_cb`.
 *
 * @example Keep a record, give it up when it is no longer wanted
 * ```ts
 * import { DmaFenceContext, FenceCallback } from '@dma-fence/core';
 *
 * const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * const fence = context.createFence();
 * const record = new FenceCallback((fence, { data }) => data.push(fence.seqno), [] as number[]);
 * fence.addCallback(record); // true: it waits
 * fence.removeCallback(record); // true: it will not run
 * fence.signal();
 * fence.put();
 * ```
 */
export class FenceCallback<D = undefined> implements Disposable {
  /** Called once per registration with the fence (borrowed) and this record. */
  readonly run: (fence: DmaFence, record: FenceCallback<D>) => void;
  /** Whatever the owner wants to find again in `run`. */
  data: D;

  /** @internal False for core's own records: tracers are told of users' callbacks only. Or what tracers want back when it runs. */
  _traced: boolean | Tokens = true;
  /** @internal The fence it hangs on; undefined when free. Whether it may still run is decided by this field alone. */
  _fence: DmaFence | undefined = undefined;
  /** @internal Where on that fence; undefined while it is the only callback there. */
  _list: CallbackList | undefined = undefined;
  /** @internal Its place in that list. */
  _index = 0;

  constructor(run: (fence: DmaFence, record: FenceCallback<D>) => void, data?: D) {
    this.run = run;
    this.data = data as D;
  }

  /** Whether it hangs on a fence and has not run. */
  get pending(): boolean {
    return this._fence !== undefined;
  }

  /** @internal That fence has signaled. */
  _signaled(fence: Fence): void {
    // Removed by a tracer between signal and dispatch: the record is free, or already on another fence.
    if (this._fence !== fence) return;
    this._fence = undefined;
    this._list = undefined;
    const traced = this._traced;
    if (traced === false) {
      this.run(fence, this);
      return;
    }
    this._traced = true;
    runUser(fence, this, traced === true ? undefined : traced);
  }

  /** Removes it from the fence it hangs on, if any; any number of times. Kernel: `dma_fence_remove_callback`. */
  [Symbol.dispose](): void {
    this._fence?.removeCallback(this);
  }
}

/**
 * A record of any data.
 *
 * @example Keep records of several kinds
 * ```ts
 * import { type AnyFenceCallback, FenceCallback } from '@dma-fence/core';
 *
 * const records: AnyFenceCallback[] = [
 *   new FenceCallback(() => {}),
 *   new FenceCallback((_fence, record) => (record.data += 1), 0),
 * ];
 * records.some((record) => record.pending); // false
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- `data` is read and written, so no other type takes them all
export type AnyFenceCallback = FenceCallback<any>;

/** A record of core's own: removable like a user's, invisible to tracers. */
export function coreCallback<D>(
  run: (fence: DmaFence, record: FenceCallback<D>) => void,
  data: D,
): FenceCallback<D> {
  const record = new FenceCallback(run, data);
  record._traced = false;
  return record;
}

/**
 * The callbacks of a fence that has more than one, first in, first out.
 *
 * Removal leaves a hole, so that it is O(1) and safe in the middle of the dispatch; holes are closed once they are many
 * and the majority. The dispatch walks the same array after it was detached from its fence: nothing is added to it any
 * more, and a record removed meanwhile is a hole when its turn comes.
 *
 *     entries: [ fn ][ record 1 ][ hole ][ record 3 ]      record 3: _list = this, _index = 3
 */
export class CallbackList {
  entries: (CallbackEntry | undefined)[];
  #holes = 0;

  constructor(first: CallbackEntry, second: CallbackEntry) {
    // Not an empty one that grows: it would begin as a list of numbers, and adding would know two kinds of list.
    this.entries = [first, second];
    this.#place(first, 0);
    this.#place(second, 1);
  }

  add(entry: CallbackEntry): void {
    const { entries } = this;
    // `push` is a call, this is not.
    const index = entries.length;
    entries[index] = entry;
    this.#place(entry, index);
  }

  /** Tells a record where it stands; the others are never looked for. */
  #place(entry: CallbackEntry, index: number): void {
    if (typeof entry === 'function' || !(entry instanceof FenceCallback)) return;
    entry._list = this;
    entry._index = index;
  }

  /** The fence has signaled, and this list was detached from it. */
  _signaled(fence: Fence): void {
    for (const entry of this.entries) {
      // A hole is a record that was removed, maybe by a callback before it (see `detach`).
      if (typeof entry === 'function') runUser(fence, entry, undefined);
      else if (entry !== undefined) entry._signaled(fence);
    }
  }

  /** Leaves a hole; answers whether nothing else is left. */
  removeAt(index: number): boolean {
    this.entries[index] = undefined;
    return ++this.#holes === this.entries.length;
  }

  /** Closes the holes when they are many; only while the list is attached, the dispatch counts on its places. */
  compact(): void {
    const { entries } = this;
    if (this.#holes < 32 || this.#holes * 2 < entries.length) return;
    this.entries = entries.filter((entry) => entry !== undefined);
    this.#holes = 0;
    for (const [index, entry] of this.entries.entries()) if (entry !== undefined) this.#place(entry, index);
  }
}
