import { INSPECT } from '../inspect.js';
import { AwaitedPoint, pointContext } from './awaited-point.js';
import { FenceCallback } from '../fence/callback.js';
import { chainNodes, linkOf, peekNodes } from '../container/chain-link.js';
import type { DmaFenceContext } from '../fence/context.js';
import { checkOptions, unfit } from '../error.js';
import type { DmaFence, FenceSummary } from '../fence/dma-fence.js';
import { chainBehind, findChainSeqno } from '../container/fence-chain.js';
import type { Fence } from '../fence/fence.js';
import { giveBack, isOver } from '../fence/held.js';
import { checkPoint } from './point.js';
import { PointQueue, UNQUEUED, type PointWaiter } from './point-queue.js';
import { neverSubmitted } from './point-wait.js';
import { reportCallbackError } from '../report.js';
import { signaledFence } from '../fence/stub.js';
import { UNLIMITED } from '../wait/limits.js';
import { fenceOf } from '../fence/arguments.js';
import type { WaitOptions } from '../wait/wait.js';
import { waitForPoint } from './wait-for-points.js';

/**
 * Options of a sync object.
 *
 * @example One that nobody has to wait for yet
 * ```ts
 * import { SyncObject, type SyncObjectOptions } from '@dma-fence/core';
 *
 * const options: SyncObjectOptions = { signaled: true };
 * const presented = new SyncObject(options);
 * ```
 */
export interface SyncObjectOptions {
  /** Whether it begins with a signaled fence. By default it is empty. Kernel: `DRM_SYNCOBJ_CREATE_SIGNALED`. */
  signaled?: boolean | undefined;
}

/**
 * Options of a wait for a sync object.
 *
 * @example Wait for a point that nobody has submitted yet
 * ```ts
 * import type { SyncObjectWaitOptions } from '@dma-fence/core';
 *
 * const options: SyncObjectWaitOptions = { point: 3, waitForSubmit: true, timeoutMs: 1000 };
 * ```
 */
export interface SyncObjectWaitOptions extends WaitOptions {
  /** The point of the timeline. 0, the default, means the fence in the slot. */
  point?: number | undefined;
  /** Whether to wait until the point exists. Without it, a missing point is an error. */
  waitForSubmit?: boolean | undefined;
  /** Whether to wait only until the point exists, signaled or not. Implies `waitForSubmit`. */
  available?: boolean | undefined;
}

/**
 * A slot that receives its fence later, so you can wait before the fence exists. Binary, or with points on a timeline.
 *
 * A binary sync object holds one fence, which you can replace. With points, it holds a chain that grows with `addPoint`. A point
 * is reached when its fence and all points before it have signaled. A wait uses the first fence that the slot holds after the
 * wait began. Later changes do not affect it. Stands for `struct drm_syncobj`.
 *
 * @example The display waits for a picture that nobody has begun
 * ```ts
 * import { DmaFenceContext, SyncObject } from '@dma-fence/core';
 *
 * const ring = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
 * using pictures = new SyncObject();
 * const shown = pictures.wait({ point: 1, waitForSubmit: true });
 * using rendered = ring.createFence();
 * pictures.addPoint(1, rendered);
 * rendered.signal();
 * await shown;
 * ```
 */
export class SyncObject implements Disposable {
  #fence: Fence | undefined = undefined;
  /** What `query` answered before the timeline was restarted by a point that did not rise. */
  #floor = 0;
  readonly #waiters = new PointQueue();
  #context: DmaFenceContext | undefined = undefined;
  /** Disposed of: nobody may be left waiting for a point that is not there. */
  #over = false;

  constructor(options: SyncObjectOptions = {}) {
    checkOptions('SyncObject', options, ['signaled']);
    if (options.signaled === true) this.signal();
  }

  /**
   * Returns the fence to wait for until a point is reached.
   *
   * @param point the point. 0, the default, means the fence in the slot.
   * @returns the fence. You own it. The stub, if the point was reached and removed. Undefined for an empty slot, for a missing
   * point, and for a point other than 0 while the slot holds a plain fence.
   * @throws FenceError `EINVAL` for a point that is not an integer from 0 to 2^53-1. Kernel: `drm_syncobj_find_fence`.
   */
  fence(point = 0): DmaFence | undefined {
    checkPoint('fence', point, 0);
    return this._has(point) ? findChainSeqno(this.#fence as Fence, point) : undefined;
  }

  /**
   * Puts a fence into the slot, or empties it. Waits for a missing fence see the new fence at once.
   *
   * @param fence borrowed. The sync object takes its own reference.
   * @throws FenceError `EINVAL` for anything but a fence or undefined. Kernel: `drm_syncobj_replace_fence`.
   */
  replace(fence: DmaFence | undefined): void {
    const next = fence === undefined ? undefined : fenceOf('SyncObject: replace()', fence);
    if (next === this.#fence) return;
    this.#floor = 0;
    this.#put(next?.get());
  }

  /**
   * Adds a point to the timeline. The point is reached when `fence` and all points before it have signaled.
   *
   * @param point an integer from 1. A point that does not rise above the last one is raised to it, as in `fenceChain`.
   * @param fence borrowed. It may be an array, but not a chain. To transfer the point of another sync object, flatten it with
   * `mergeFences`: `using flat = mergeFences([theirs])`.
   * @throws FenceError `EINVAL` for point 0, and for all arguments that `fenceChain` rejects. Kernel: `drm_syncobj_add_point`.
   */
  addPoint(point: number, fence: DmaFence): void {
    checkPoint('addPoint', point, 1);
    // Exporters are asked here, since they may change the slot: from then on flags tell.
    if (!this.#rises(point)) this.query();
    let before = this.#fence;
    let link = chainBehind(before, fence, point);
    // Collecting asks exporters too, and tracers hear of the link: what they put into the slot meanwhile must not be lost.
    while (this.#fence !== before) {
      link.put();
      before = this.#fence;
      link = chainBehind(before, fence, point);
    }
    if (before !== undefined && !this.#rises(point))
      this.#floor = this.#reached(before, peekNodes, isSignaled);
    this.#put(link);
  }

  /** Whether a point comes after all that the slot's chain has. */
  #rises(point: number): boolean {
    const head = this.#fence;
    return head === undefined || linkOf(head) === undefined || point > head.seqno;
  }

  /**
   * Fills the slot with a signaled fence, or adds a point that is reached as soon as the points before it are.
   *
   * @param point the point. 0, the default, means the slot itself.
   * @throws FenceError as `addPoint`. Kernel: `DRM_IOCTL_SYNCOBJ_SIGNAL`, `DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL`.
   */
  signal(point = 0): void {
    checkPoint('signal', point, 0);
    const done = signaledFence();
    if (point === 0) this.replace(done);
    else this.addPoint(point, done);
    done.put();
  }

  /** Empties the slot. Waits that have already seen a fence continue with it. Kernel: `DRM_IOCTL_SYNCOBJ_RESET`. */
  reset(): void {
    this.replace(undefined);
  }

  /**
   * Returns how far the timeline is.
   *
   * @param options with `submitted`, the last point that was added, instead of the last point that was reached.
   * @returns the highest point that was reached together with all points before it. It never falls until the slot is replaced.
   * 0 for an empty slot and for a plain fence. Kernel: `DRM_IOCTL_SYNCOBJ_QUERY`.
   */
  query(options: { submitted?: boolean | undefined } = {}): number {
    checkOptions('SyncObject: query()', options, ['submitted']);
    const head = this.#fence;
    if (head === undefined || linkOf(head) === undefined) return 0;
    if (options.submitted === true) return head.seqno;
    return this.#reached(head, chainNodes, isOver);
  }

  /** How far a timeline is, by what `over` says of its fences; never less than before. */
  #reached(head: Fence, nodes: (head: Fence) => Iterable<Fence>, over: (fence: Fence) => boolean): number {
    let reached = head.seqno;
    for (const node of nodes(head)) {
      const link = linkOf(node);
      if (over(link?.fence ?? node)) continue;
      // Something older than this context's points: none of them can be reached.
      reached = node.context === head.context ? (link?.previousSeqno ?? 0) : 0;
    }
    return Math.max(this.#floor, reached);
  }

  /**
   * Waits until a point is reached. With `available`, waits until the point exists.
   *
   * @param options `point`, `waitForSubmit`, `available`, and as for `DmaFence.wait`.
   * @returns a promise. It rejects with the error of the fence if that failed, with `EINVAL` for bad options, and for a missing
   * point without `waitForSubmit`, with `ETIME`, with `signal.reason`, and with `ECANCELED` if the sync object was disposed of
   * before the point existed. Kernel: `DRM_IOCTL_SYNCOBJ_WAIT`, `DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT`.
   */
  wait(options: SyncObjectWaitOptions = {}): Promise<void> {
    return waitForPoint(this, options);
  }

  /**
   * Calls `callback` once, when a point is reached, or with `available` when it exists. If that is so already, it calls back at once, before this call returns.
   *
   * @param callback receives the fence of the point (borrowed). Look at the fence to see whether it failed.
   * @param options `point`, 0 by default; `available`.
   * @returns a disposable that removes the notification. Disposing of the sync object drops notifications for missing points.
   * Errors thrown by the callback go to the callback error handler.
   * @throws FenceError `EINVAL` for anything but a function and for a bad point. Kernel: `DRM_IOCTL_SYNCOBJ_EVENTFD`.
   */
  notify(
    callback: (fence: DmaFence) => void,
    options: { point?: number | undefined; available?: boolean | undefined } = {},
  ): Disposable {
    if (typeof callback !== 'function')
      throw unfit('SyncObject: what notify() takes', 'a function', callback);
    checkOptions('SyncObject: notify()', options, ['point', 'available']);
    const { point = 0, available = false } = options;
    checkPoint('notify', point, 0);
    let held: Fence | undefined;
    const record = new FenceCallback((fence) => {
      try {
        callback(fence);
      } finally {
        letGo();
      }
    });
    const letGo = (): void => {
      const fence = held;
      held = undefined;
      giveBack(fence);
    };
    const notification: PointWaiter = {
      ...UNQUEUED,
      point,
      refuse: () => undefined,
      arrived: (fence) => {
        held = fence;
        if (!available && fence.addCallback(record)) return;
        try {
          record.run(fence, record);
        } catch (error) {
          reportCallbackError(error, fence);
        }
      },
    };
    this._await(notification);
    return {
      [Symbol.dispose]: () => {
        this._forget(notification);
        record[Symbol.dispose]();
        letGo();
      },
    };
  }

  /** Empties the slot. Every wait for a missing point, now or later, rejects with `ECANCELED`. */
  [Symbol.dispose](): void {
    this.#over = true;
    const waiters = this.#waiters.clear();
    this.reset();
    for (const waiter of waiters) waiter.refuse(neverSubmitted(waiter.point));
  }

  /** The printed form, in `JSON.stringify` and in Node's `console.log`. It polls nothing. */
  toJSON(): { fence?: FenceSummary } {
    const fence = this.#fence?.toJSON();
    return fence === undefined ? {} : { fence };
  }

  /** @internal */
  [INSPECT](): unknown {
    return this.toJSON();
  }

  /** @internal Whether there is a fence for a point. */
  _has(point: number): boolean {
    const fence = this.#fence;
    if (fence === undefined) return false;
    return point === 0 || (linkOf(fence) !== undefined && fence.seqno >= point);
  }

  /** @internal A fence that stands for a point until that is there. */
  _awaited(point: number, available: boolean): AwaitedPoint {
    const awaited = new AwaitedPoint((this.#context ??= pointContext()), this, point, available);
    awaited.begin(UNLIMITED);
    return awaited;
  }

  /** @internal Tells `waiter` when its point is there. */
  _await(waiter: PointWaiter): void {
    if (this._has(waiter.point)) this.#tell(waiter);
    else if (this.#over) waiter.refuse(neverSubmitted(waiter.point));
    else this.#waiters.add(waiter);
  }

  /** Tells a waiter whose point is there. */
  #tell(waiter: PointWaiter): void {
    let fence;
    try {
      fence = this.fence(waiter.point);
    } catch (error) {
      // An extra put() took what the slot holds.
      waiter.refuse(error);
      return;
    }
    waiter.arrived(fence as Fence);
  }

  /** @internal */
  _forget(waiter: PointWaiter): void {
    this.#waiters.remove(waiter);
  }

  /**
   * Fills the slot, and tells everybody whose point is there now.
   *
   * Whoever is told may change the slot again: so a waiter is taken out before it is told, and those left are looked at anew.
   *
   * @consumes fence
   */
  #put(fence: Fence | undefined): void {
    const before = this.#fence;
    this.#fence = fence;
    giveBack(before);
    for (let first = this.#waiters.first; first !== undefined; first = this.#waiters.first) {
      if (!this._has(first.point)) return;
      this.#waiters.remove(first);
      this.#tell(first);
    }
  }
}

function isSignaled({ signaled }: Fence): boolean {
  return signaled;
}
