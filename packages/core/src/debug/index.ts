/**
 * # Who was supposed to signal this?
 *
 * Lists pending and leaked fences while `trackFences()` is on.
 *
 * @packageDocumentation
 */
export { dumpAtExit, type DumpAtExitOptions } from './at-exit.js';
export { dumpFences, dumpOnSignal } from './dump.js';
export { named } from './named.js';
export {
  leakedFences,
  pendingFences,
  trackFences,
  type LeakedFence,
  type PendingFence,
  type TrackOptions,
} from './track.js';
