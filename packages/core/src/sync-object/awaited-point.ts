import type { Backend, DmaFenceContext } from '../fence/context.js';
import type { FenceError } from '../error.js';
import { createIn, OWES_NOTHING, type Fence } from '../fence/fence.js';
import { closedContext } from '../fence/closed-context.js';
import { PointWait } from './point-wait.js';
import type { SyncObject } from './sync-object.js';
import { tracers } from '../tracer/installed.js';

/** The context of the fences that stand for points which are not there yet. */
export function pointContext(): DmaFenceContext {
  const context = closedContext(
    'sync_object',
    'createFence() has no place on the context of a sync object; make a context of your own',
    undefined,
  );
  context._backend = backend;
  return context;
}

/** How a fence that stands for a point finds what it stands for. */
interface StandIn {
  point?: AwaitedPoint;
}

const backend: Backend = {
  waiting(fence, change) {
    (fence.data as StandIn).point?.waiting(change);
  },
};

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
  /** How many wait for the fence that stands for the point: a wait that was given up awaits the real one no more. */
  #waits = 0;
  /** The real fence, while this hangs on it. */
  #followed: Fence | undefined = undefined;

  constructor(context: DmaFenceContext, syncObject: SyncObject, point: number, available: boolean) {
    const standIn: StandIn = {};
    const fence = createIn(context, point, standIn, context._flags | OWES_NOTHING);
    const succeed = (): void => void fence.signal();
    const fail = (error: unknown): void => void fence.fail(error as FenceError);
    super(syncObject, point, available, succeed, fail);
    this.fence = fence;
    standIn.point = this;
  }

  /** One wait more or less for the fence that stands for the point. */
  waiting(change: 1 | -1): void {
    this.#waits += change;
    const first = change === 1 && this.#waits === 1;
    if (this.#followed !== undefined && (first || this.#waits === 0)) super.tell(this.#followed, change);
  }

  override tell(real: Fence, change: 1 | -1): void {
    this.#followed = change === 1 ? real : undefined;
    if (this.#waits > 0) super.tell(real, change);
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
