import type { DmaFenceContext } from '../fence/context.js';
import type { FenceError } from '../error.js';
import { createIn, OWES_NOTHING, type Fence } from '../fence/fence-state.js';
import { closedContext } from '../fence/stub.js';
import { PointWait } from './point-wait.js';
import type { SyncObject } from './sync-object.js';
import { tracers } from '../tracer/tracing.js';

/** The context of the fences that stand for points which are not there yet. */
export function pointContext(): DmaFenceContext {
  return closedContext(
    'sync_object',
    'createFence() has no place on the context of a sync object; make a context of your own',
    undefined,
  );
}

/**
 * A point that somebody waits for before there is a fence for it: a fence of its own stands for it during that wait only, for
 * tracers, for the validator, and where several points are waited for.
 *
 * It never leaves the wait, so no fence that others hold depends on something that may never be submitted.
 */
export class AwaitedPoint extends PointWait {
  /** What is waited for: over when the point is there, or when the fence that it turned out to be is. */
  readonly fence: Fence;
  /** The point will never be there: the sync object was disposed of. */
  canceled = false;

  constructor(context: DmaFenceContext, syncObject: SyncObject, point: number, available: boolean) {
    const fence = createIn(context, point, undefined, context._flags | OWES_NOTHING);
    const succeed = (): void => void fence.signal();
    const fail = (error: unknown): void => void fence.fail(error as FenceError);
    super(syncObject, point, available, succeed, fail);
    this.fence = fence;
  }

  override arrived(real: Fence): void {
    tracers?.dependency(this.fence, real);
    super.arrived(real);
  }

  override refuse(error: unknown): void {
    this.canceled = true;
    super.refuse(error);
  }

  /** The wait is over, however it ended: nobody wants to hear of the point any more. */
  [Symbol.dispose](): void {
    if (this.stage === 'over') return;
    this.stage = 'over';
    this.leave();
  }
}
