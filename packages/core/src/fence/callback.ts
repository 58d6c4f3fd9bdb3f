import type { CallbackBlock, CallbackList } from './callback-list.js';
import { unfit } from '../error.js';
import type { DmaFence } from './dma-fence.js';
import { callUser, type Fence } from './fence.js';
import type { Tokens } from '../tracer/tracer.js';

/** A plain function on a fence: costs no record, and cannot be removed. */
export type CallbackFunction = (fence: DmaFence) => void;

/** Something of core's own that hangs on a fence without a record: a wait. */
interface Hanging {
  _signaled(fence: Fence): void;
}

/** What hangs on a fence: a user's function, a record, or a wait. */
export type CallbackEntry = CallbackFunction | AnyFenceCallback | Hanging;

/** All that hangs on a fence: one alone costs no list. */
export type FenceCallbacks = CallbackEntry | CallbackList;

/**
 * A callback that you can allocate in advance, remove and reuse.
 *
 * It can be on one fence at a time. It is free again when it runs or is removed. It runs synchronously, inside the producer's
 * `signal()` or `fail()`. There it may look at fences, `poll`, `get`, `put`, add and remove callbacks, and create and signal
 * other fences. It must not wait. Stands for the kernel's `struct dma_fence_cb`.
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
  /** Data of yours, to be read in `run`. */
  data: D;

  /** @internal False for core's own records: tracers are told of users' callbacks only. Or what tracers want back when it runs. */
  _traced: boolean | Tokens = true;
  /** @internal The fence it hangs on; undefined when free. Whether it may still run is decided by this field alone. */
  _fence: DmaFence | undefined = undefined;
  /** @internal Where on that fence; undefined while it is the only callback there. */
  _block: CallbackBlock | undefined = undefined;
  /** @internal Its place in that block. */
  _index = 0;

  constructor(run: (fence: DmaFence, record: FenceCallback<D>) => void, data?: D) {
    if (typeof run !== 'function') throw unfit('FenceCallback: run', 'a function', run);
    this.run = run;
    this.data = data as D;
  }

  /** Whether it is on a fence and has not run. */
  get pending(): boolean {
    return this._fence !== undefined;
  }

  /** @internal That fence has signaled. */
  _signaled(fence: Fence): void {
    // Removed by a tracer between signal and dispatch: the record is free, or already on another fence.
    if (this._fence !== fence) return;
    this._fence = undefined;
    this._block = undefined;
    const traced = this._traced;
    if (traced === false) {
      this.run(fence, this);
      return;
    }
    this._traced = true;
    callUser(fence, this, traced === true ? undefined : traced);
  }

  /** Removes it from its fence, if it is on one. You may call this any number of times. Kernel: `dma_fence_remove_callback`. */
  [Symbol.dispose](): void {
    this._fence?.removeCallback(this);
  }
}

/**
 * A callback record with any type of data.
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
