/**
 * # Fences across threads: `@dma-fence/core/shared`
 *
 * - A timeline is one number in shared memory: the last finished value. A fence is (timeline, value).
 * - Any thread makes a fence from two numbers; in its thread it is an ordinary fence.
 * - Errors travel: a fence of a failed value fails with that code in every thread, or with `EIO` where it is no longer known.
 * - A thread that dies keeps nobody waiting, where its worker was bound with `bindOwner`.
 *
 * Guide: `docs/threads.md`.
 *
 * @packageDocumentation
 */
export type { WaitSyncOptions } from './blocking-wait.js';
export type { SharedTimelineHandle } from './handle.js';
export type { NodeOwner, OwnerThread, PageOwner } from './owner.js';
export { SharedTimeline, type SharedTimelineOptions } from './shared-timeline.js';
