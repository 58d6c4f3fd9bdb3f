import { unfit } from '../error.js';

/** Checks a point; `lowest` is 0 where the slot itself may be meant. */
export function checkPoint(call: string, point: number, lowest: 0 | 1): void {
  if (!Number.isSafeInteger(point) || point < lowest) {
    throw unfit(`SyncObject: ${call}(): point`, `an integer from ${String(lowest)} to 2^53-1`, point);
  }
}
