import { unfit } from '../error.js';

/** Whether a number can be a point, 0 included. */
export function isPoint(point: number): boolean {
  return Number.isSafeInteger(point) && point >= 0;
}

/** Checks a point; `lowest` is 0 where the slot itself may be meant. */
export function checkPoint(call: string, point: number, lowest: 0 | 1): void {
  if (!isPoint(point) || point < lowest) {
    throw unfit(`SyncObject: ${call}(): point`, `an integer from ${String(lowest)} to 2^53-1`, point);
  }
}
