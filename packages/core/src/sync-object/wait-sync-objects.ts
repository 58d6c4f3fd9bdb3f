import type { AwaitedPoint } from './awaited-point.js';
import { isContainer } from '../container/container.js';
import { invalid, unfit } from '../error.js';
import { released, type Fence } from '../fence/fence-state.js';
import { isOver } from '../fence/held.js';
import { signaledFence } from '../fence/stub.js';
import { checkPoint, isPoint, SyncObject, type SyncObjectWaitOptions } from './sync-object.js';
import { tracers } from '../tracer/tracing.js';
import { validator } from '../validator.js';
import { limitsOf, WAIT_OPTIONS } from '../wait/limits.js';
import type { WaitOptions } from '../wait/wait.js';
import { begin } from '../wait/waiter.js';

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
  return waitForPoints(who, OPTIONS, () => pointsOf(who, list), false, options);
}

const SUBMIT_OPTIONS = [...WAIT_OPTIONS, 'waitForSubmit', 'available'];
const OPTIONS: readonly string[] = [...SUBMIT_OPTIONS, 'all'];
const POINT_OPTIONS: readonly string[] = [...SUBMIT_OPTIONS, 'point'];

/** `SyncObject.wait`: where nothing but the point can end it and nobody looks on, at a fraction of the common course's cost. */
export async function waitForPoint(syncObject: SyncObject, options: SyncObjectWaitOptions): Promise<void> {
  if (tracers === undefined && validator === undefined && isUnlimited(options)) {
    const { point = 0, available = false, waitForSubmit = false } = options;
    if (isPoint(point) && (waitForSubmit || available || syncObject._has(point))) {
      return syncObject._waitFor(point, available);
    }
  }
  return waitForOne(syncObject, options);
}

/** What is no object is left to the common course, which says so. */
function isUnlimited(options: WaitOptions | null): options is WaitOptions {
  if (typeof options !== 'object' || options === null) return false;
  return options.timeoutMs === undefined && options.signal === undefined;
}

async function waitForOne(syncObject: SyncObject, options: SyncObjectWaitOptions): Promise<void> {
  await waitForPoints(
    'SyncObject: wait()',
    POINT_OPTIONS,
    ({ point }) => [{ syncObject, point }],
    true,
    options,
  );
}

/** The common course of waits for sync objects; `points` is asked for once the options were found good. */
async function waitForPoints(
  who: string,
  known: readonly string[],
  points: (options: { point: number }) => readonly SyncObjectPoint[],
  allByDefault: boolean,
  options: WaitSyncObjectsOptions & SyncObjectWaitOptions,
): Promise<number> {
  const limits = limitsOf(who, options, known);
  const { all = allByDefault, available = false, waitForSubmit = available, point = 0 } = options;
  const list = points({ point });
  for (const one of list) checkPoint('wait', one.point ?? 0, 0);
  if (list.length === 0) {
    if (all) return -1;
    throw invalid(`${who}: an empty list, so nothing can signal; give at least one`);
  }
  const missing = list.findIndex(({ syncObject, point = 0 }) => !syncObject._has(point));
  if (missing >= 0 && !waitForSubmit && !available) {
    const what = `point ${String(list[missing]?.point ?? 0)}`;
    throw invalid(
      `${who}: element ${String(missing)} has no fence for ${what} yet; to wait for it, say waitForSubmit`,
    );
  }
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
    const index = await begin(who, fences, flags, !all, limits);
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
