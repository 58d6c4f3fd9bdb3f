import type { AwaitedPoint } from './awaited-point.js';
import { isContainer } from '../container/container.js';
import { invalid, type FenceError } from '../error.js';
import { released, type Fence } from '../fence/fence.js';
import { isOver } from '../fence/held.js';
import { signaledFence } from '../fence/stub.js';
import { checkPoint } from './point.js';
import { PointWait } from './point-wait.js';
import type { SyncObject, SyncObjectWaitOptions } from './sync-object.js';
import { tracers } from '../tracer/installed.js';
import { validator } from '../validator.js';
import { limitsOf, WAIT_OPTIONS, type Limits } from '../wait/limits.js';
import { waitForSeveral } from '../wait/several-wait.js';
import type { SyncObjectPoint } from './wait-sync-objects.js';

/** The names of the options of waits for points. */
export const SUBMIT_OPTIONS: readonly string[] = [...WAIT_OPTIONS, 'waitForSubmit', 'available'];
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

/** Why a wait for a point that is not there is refused. */
export function notThere(who: string, index: number, point: number): FenceError {
  return invalid(
    `${who}: element ${String(index)} has no fence for point ${String(point)} yet; to wait for it, say waitForSubmit`,
  );
}

/** Waits for points that were found good, through fences: those that are there, and one for each that is not. */
export async function waitForFences(
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
