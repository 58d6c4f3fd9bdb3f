import type { AwaitedPoint } from './awaited-point.js';
import { PointWait } from './point-wait.js';
import { isContainer } from '../container/container.js';
import { invalid, unfit, type FenceError } from '../error.js';
import { released, type Fence } from '../fence/fence-state.js';
import { isOver } from '../fence/held.js';
import { signaledFence } from '../fence/stub.js';
import { checkPoint, SyncObject, type SyncObjectWaitOptions } from './sync-object.js';
import { tracers } from '../tracer/tracing.js';
import { validator } from '../validator.js';
import { limitsOf, WAIT_OPTIONS, type Limits } from '../wait/limits.js';
import type { WaitOptions } from '../wait/wait.js';
import { waitForSeveral } from '../wait/several-wait.js';

/**
 * A point of a sync object.
 *
 * @example A list of points
 * ```ts
 * import { SyncObject, type SyncObjectPoint } from '@dma-fence/core';
 *
 * const [pictures, sounds] = [new SyncObject(), new SyncObject()];
 * const frame: SyncObjectPoint[] = [
 *   { syncObject: pictures, point: 7 },
 *   { syncObject: sounds, point: 12 },
 * ];
 * ```
 */
export interface SyncObjectPoint {
  /** The sync object. */
  readonly syncObject: SyncObject;
  /** 0, the default: whatever fence is there. */
  readonly point?: number | undefined;
}

/**
 * How to wait for several sync objects.
 *
 * @example All of them, whenever they come
 * ```ts
 * import type { WaitSyncObjectsOptions } from '@dma-fence/core';
 *
 * const options: WaitSyncObjectsOptions = { all: true, waitForSubmit: true };
 * ```
 */
export interface WaitSyncObjectsOptions extends WaitOptions {
  /** Whether to wait for all of them; for any one by default. */
  all?: boolean | undefined;
  /** Whether to wait for fences that are not there yet; without it they are an error. */
  waitForSubmit?: boolean | undefined;
  /** Whether it is enough that a fence is there; implies `waitForSubmit`. */
  available?: boolean | undefined;
}

/**
 * Waits for points of several sync objects, any or all.
 *
 * Each fence is the one that was there when it was first there.
 *
 * @param list sync objects, or points of them.
 * @param options `all`, `waitForSubmit`, `available`, and as for `DmaFence.wait`.
 * @returns a promise for the lowest index that was reached: of any, whether it succeeded or failed (ask it); of all, 0, and
 * -1 for an empty list. Rejects, waiting for all, with the first failure; with `EINVAL` for an empty list in the other mode,
 * a point that is not there without `waitForSubmit`, and bad arguments; with `ETIME`, `signal.reason`, `ECANCELED` when a
 * sync object was disposed of before its point was there. Kernel: `drm_syncobj_array_wait_timeout`.
 *
 * @example Whichever picture is done first
 * ```ts
 * import { SyncObject, waitSyncObjects } from '@dma-fence/core';
 *
 * using left = new SyncObject();
 * using right = new SyncObject();
 * const first = waitSyncObjects([left, { syncObject: right, point: 1 }], { waitForSubmit: true });
 * right.signal(1);
 * await first; // 1
 * ```
 */
export async function waitSyncObjects(
  list: Iterable<SyncObject | SyncObjectPoint>,
  options: WaitSyncObjectsOptions = {},
): Promise<number> {
  const who = 'waitSyncObjects()';
  const limits = limitsOf(who, options, OPTIONS);
  const { all = false, available = false, waitForSubmit = available } = options;
  const points = pointsOf(who, list);
  for (const { point = 0 } of points) checkPoint('wait', point, 0);
  if (points.length === 0) {
    if (all) return -1;
    throw invalid(`${who}: an empty list, so nothing can signal; give at least one`);
  }
  const missing = points.findIndex(({ syncObject, point = 0 }) => !syncObject._has(point));
  if (missing >= 0 && !waitForSubmit && !available) {
    throw notThere(who, missing, points[missing]?.point ?? 0);
  }
  return waitForFences(points, all, available, limits);
}

const SUBMIT_OPTIONS = [...WAIT_OPTIONS, 'waitForSubmit', 'available'];
const OPTIONS: readonly string[] = [...SUBMIT_OPTIONS, 'all'];
const POINT_OPTIONS: readonly string[] = [...SUBMIT_OPTIONS, 'point'];

/** `SyncObject.wait`. */
export function waitForPoint(syncObject: SyncObject, options: SyncObjectWaitOptions): Promise<void> {
  try {
    const limits = limitsOf(WAIT, options, POINT_OPTIONS);
    const { point = 0, available = false, waitForSubmit = available } = options;
    checkPoint('wait', point, 0);
    if (!waitForSubmit && !available && !syncObject._has(point)) throw notThere(WAIT, 0, point);
    // Tracers and the validator know of fences only.
    if (tracers !== undefined || validator !== undefined) {
      return waitForFences([{ syncObject, point }], true, available, limits).then(() => undefined);
    }
    return new Promise((resolve, reject) => {
      new PointWait(syncObject, point, available, resolve, reject).begin(limits);
    });
  } catch (error) {
    return Promise.reject(error);
  }
}

const WAIT = 'SyncObject: wait()';

function notThere(who: string, index: number, point: number): FenceError {
  return invalid(
    `${who}: element ${String(index)} has no fence for point ${String(point)} yet; to wait for it, say waitForSubmit`,
  );
}

/** Waits for points that were found good, through fences: those that are there, and one for each that is not. */
async function waitForFences(
  list: readonly SyncObjectPoint[],
  all: boolean,
  available: boolean,
  limits: Limits,
): Promise<number> {
  const fences: Fence[] = [];
  const awaited = new Map<Fence, [SyncObject, AwaitedPoint]>();
  try {
    for (const { syncObject, point = 0 } of list) {
      const there = syncObject.fence(point) as Fence | undefined;
      if (there === undefined) {
        const later = syncObject._awaited(point, available);
        awaited.set(later.fence, [syncObject, later]);
        fences.push(later.fence);
      } else if (available) {
        there.put();
        fences.push(signaledFence() as Fence);
      } else {
        // Nobody may have asked a container yet whether it is over: the lowest index could not be told.
        if (isContainer(there)) isOver(there);
        fences.push(there);
      }
    }
    const flags = fences.reduce((all, fence) => all | fence._flags, 0);
    const index = await waitForSeveral(fences, flags, !all, limits);
    const decided = fences[index] as Fence;
    if (awaited.get(decided)?.[1].canceled === true) throw decided.error as Error;
    return index;
  } finally {
    for (const [syncObject, later] of awaited.values()) {
      syncObject._forget(later);
      later[Symbol.dispose]();
    }
    for (const fence of fences) if (!released(fence)) fence.put();
  }
}

function pointsOf(who: string, list: Iterable<SyncObject | SyncObjectPoint>): SyncObjectPoint[] {
  if (typeof (list as Partial<Iterable<unknown>> | undefined)?.[Symbol.iterator] !== 'function') {
    throw unfit(`${who}: list`, 'iterable', list);
  }
  return Array.from(list, (element) => {
    const point = element instanceof SyncObject ? { syncObject: element } : element;
    if (!((point as Partial<SyncObjectPoint> | undefined)?.syncObject instanceof SyncObject)) {
      throw unfit(`${who}: each element`, 'a SyncObject, or { syncObject, point }', element);
    }
    return point;
  });
}
