import { invalid, unfit } from '../error.js';
import { checkPoint } from './point.js';
import { SyncObject } from './sync-object.js';
import { notThere, SUBMIT_OPTIONS, waitForFences } from './wait-for-points.js';
import { limitsOf } from '../wait/limits.js';
import type { WaitOptions } from '../wait/wait.js';

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

const OPTIONS: readonly string[] = [...SUBMIT_OPTIONS, 'all'];

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
