import { checkName } from '../fence/names.js';
import { describe, invalid } from '../error.js';
import { openBlock, type Block } from './block.js';

/**
 * Another thread needs this to attach to a shared timeline. It is plain data: post it as it is.
 *
 * @example Give it to a worker
 * ```ts
 * import type { SharedTimelineHandle } from '@dma-fence/core/shared';
 *
 * function start(worker: { postMessage(data: unknown): void }, done: SharedTimelineHandle): void {
 *   worker.postMessage({ done });
 * }
 * ```
 */
export interface SharedTimelineHandle {
  /** Of the context that the other thread makes. */
  readonly driverName: string;
  /** Of the context that the other thread makes. */
  readonly timelineName: string;
  /** Whether the other thread may only look and wait. */
  readonly readonly: boolean;
  /** The timeline itself, about 20 kilobytes with the default number of error slots. */
  readonly buffer: SharedArrayBuffer;
}

/** Checks a handle from outside; anything that is none throws `EINVAL`. Each of its properties is asked once. */
export function openHandle(handle: SharedTimelineHandle): { handle: SharedTimelineHandle; block: Block } {
  const who = 'SharedTimeline.attach()';
  if (typeof handle !== 'object' || (handle as unknown) === null) {
    throw invalid(`${who} takes the handle of a shared timeline, not ${describe(handle)}`);
  }
  const { driverName, timelineName, readonly, buffer } = handle;
  if (typeof readonly !== 'boolean') {
    throw invalid(`${who}: handle.readonly must be true or false, not ${describe(readonly)}`);
  }
  // Also where this thread knows the timeline already, and has no context to make.
  checkName('driverName', driverName);
  checkName('timelineName', timelineName);
  return { handle: { driverName, timelineName, readonly, buffer }, block: openBlock(who, buffer) };
}
