import { invalid, unfit, type FenceError } from '../error.js';
import type { Fence } from './fence.js';
import { label } from './names.js';

export function checkTime(fence: Fence, what: string, time: number): void {
  // A deadline may have passed before the clock began; nothing was done before.
  if (
    typeof time !== 'number' ||
    Number.isNaN(time) ||
    (what === 'timestamp' && !(time >= 0 && time < Infinity))
  ) {
    throw unfit(`${label(fence)}: ${what}`, 'a number of ms on the performance.now() clock', time);
  }
}

/** A call on a fence that is refused. */
export function refused(fence: Fence, why: string): FenceError {
  return invalid(`${label(fence)}: ${why}`);
}

/** The error of every call on a fence that its callers have given up. */
export function usedAfterRelease(fence: Fence, call: string): FenceError {
  return refused(fence, `${call}() was used after its last reference was put; get() one of your own`);
}
