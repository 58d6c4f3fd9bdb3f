/**
 * # The validator of `@dma-fence/core`
 *
 * Finds deadlocks among fences and locks on schedules on which they do not happen, as the kernel's lockdep does.
 * Off until `lockdep.enable()`; core then tells it of sections, waits, callbacks and locks.
 *
 * @packageDocumentation
 */
export type { HeldLock } from './held-lock.js';
export type { LockClass } from './lock-class.js';
export { lockdep, type Lockdep, type LockdepOptions, type LockdepSession } from './lockdep.js';
export type { MutexLike } from './mutex.js';
export { LockdepError, type LockdepKind, type LockdepPlace, type LockdepReport } from './report.js';
export type { FlowKind } from './flow.js';
