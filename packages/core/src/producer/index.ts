/**
 * # For packages that make producers
 *
 * A queue of jobs, a GPU, a cluster: packages whose fences end by what happens elsewhere. Programs that use fences, and drivers
 * that signal a few of their own, do not need this entry.
 *
 * - `runInFence`, `Capacity`: run work in a fence's own section, with a capacity that the validator knows.
 * - `producerContext`, `createFenceIn`: contexts in which nobody else creates fences, and that say what a fence waits for.
 * - `producerRecord`, `fenceOfRecord`, `whenSubmitted`: follow fences and points without being taken for a user's callback.
 * - `newFailure`, `failWithFailure`, `failureOfFence`, `overFence`: failures that keep their order, and fences that are made late.
 * - `now`, `setTimer`, `limitedWait`: core's clock, timers and limits of a wait; a virtual clock rules them too.
 * - `refusal`, `unfitArgument`, `checkKeys`, `errorOf`, `abortErrorOf`: errors as core words them.
 * - `observed`, `onObserved`: whether anybody looks on.
 *
 * @packageDocumentation
 */
export { Capacity, runInFence, type CapacityShare } from './capacity.js';
export { now, setTimer } from './clock.js';
export { failureOfFence, failWithFailure, newFailure, type FenceFailure } from './failure.js';
export { limitedWait, type BeginWait } from './limited-wait.js';
export { observed, onObserved } from './observed.js';
export { overFence } from './over-fence.js';
export { whenSubmitted, type PointListener } from './point.js';
export {
  createFenceIn,
  needsOf,
  producerContext,
  type FenceNeeds,
  type ProducerContextOptions,
  type ProducerOps,
} from './producer-context.js';
export { abortErrorOf, checkKeys, errorOf, refusal, unfitArgument, type Refuser } from './refusal.js';
export { fenceOfRecord, producerRecord } from './record.js';
