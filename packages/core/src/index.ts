/**
 * # The contract of `@dma-fence/core`
 *
 * - Every fence signals exactly once, with a stated result, and never goes back.
 * - Only a `DriverFence` can signal. Consumers hold a `DmaFence`.
 * - Arguments are borrowed, results are owned: what a function of core returns as a fence must be `put()`.
 * - Callbacks run inside `signal()` and `fail()`, first in, first out, after the flag is set; one that throws stops no other.
 * - Callbacks and ops may ask, register, get, put and signal. They must not wait.
 * - Nothing is dropped silently: a fence that is pending at its last `put()` fails with `EDEADLK` and warns.
 * - Wrong arguments throw a `FenceError` with `EINVAL` before anything has changed; functions that return promises reject.
 *
 * The whole of it, with a test behind each line: `docs/contract.md`.
 *
 * @packageDocumentation
 */
export { AcquireContext } from './reservation/acquire-context.js';
export { FenceCallback, type AnyFenceCallback } from './fence/callback.js';
export type { FenceChainLink } from './container/chain-link.js';
export { DmaFenceContext, type DmaFenceContextOptions, type FenceOps } from './fence/context.js';
export { FENCE_ERRNO, FenceError, type FenceErrorCode } from './error.js';
export type { DmaFence, DriverFence, FenceStatus, FenceSummary } from './fence/dma-fence.js';
export { fenceArray, isFenceArray, type FenceArrayOptions } from './container/fence-array.js';
export { fenceChain, findChainSeqno, isFenceChain } from './container/fence-chain.js';
export { isDmaFence } from './fence/fence.js';
export { FenceUsage } from './reservation/fence-usage.js';
export { setCallbackErrorHandler, setWarningHandler } from './handlers.js';
export { lockReservations, type ReservationLocks } from './reservation/lock-reservations.js';
export { mergeFences } from './container/merge.js';
export type { Borrowed, Owned } from './fence/ownership.js';
export {
  DmaReservation,
  type DmaReservationOptions,
  type ReservationLock,
} from './reservation/reservation.js';
export { beginSignalling, type SignallingSection } from './signalling.js';
export { signaledFence } from './fence/stub.js';
export { SyncObject, type SyncObjectOptions, type SyncObjectWaitOptions } from './sync-object/sync-object.js';
export { FenceTimeline, type FenceTimelineOptions } from './timeline.js';
export type { TraceCarrier } from './tracer/trace-carrier.js';
export { addFenceTracer, traceDependency, type FenceTracer, type WaitOutcome } from './tracer/tracer.js';
export { peekFences } from './container/peek.js';
export { unwrapFences } from './container/unwrap.js';
export {
  waitSyncObjects,
  type SyncObjectPoint,
  type WaitSyncObjectsOptions,
} from './sync-object/wait-sync-objects.js';
export { waitAll, waitAny, type WaitOptions } from './wait/wait.js';
