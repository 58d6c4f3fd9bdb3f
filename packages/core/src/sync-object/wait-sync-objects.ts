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
  /** The point. 0, the default, means the fence in the slot. */
  readonly point?: number | undefined;
}

/**
 * Options of a wait for several sync objects.
 *
 * @example All of them, whenever they come
 * ```ts
 * import type { WaitSyncObjectsOptions } from '@dma-fence/core';
 *
 * const options: WaitSyncObjectsOptions = { all: true, waitForSubmit: true };
 * ```
 */
export interface WaitSyncObjectsOptions extends WaitOptions {
  /** Whether to wait for all of them. By default, the wait is for any one. */
  all?: boolean | undefined;
  /** Whether to wait until the points exist. Without it, a missing point is an error. */
  waitForSubmit?: boolean | undefined;
  /** Whether to wait only until the points exist. Implies `waitForSubmit`. */
  available?: boolean | undefined;
}

const OPTIONS: readonly string[] = [...SUBMIT_OPTIONS, 'all'];

/**
 * Waits for points of several sync objects, any or all.
 *
 * For each sync object, the wait uses the first fence that the slot holds after the wait began.
 *
 * @param list sync objects, or points of them.
 * @param options `all`, `waitForSubmit`, `available`, and as for `DmaFence.wait`.
 * @returns a promise. In a wait for any, it is for the lowest reached index, with success or failure: look at the fence. In a wait
 * for all, it is for 0, and for -1 with an empty list. A wait for all rejects with the first failure. Any wait rejects with
 * `EINVAL` for bad arguments, for a missing point without `waitForSubmit`, and for an empty list in a wait for any; with `ETIME`;
 * with `signal.reason`; and with `ECANCELED` if a sync object was disposed of before its point existed. Kernel: `drm_syncobj_array_wait_timeout`.
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
