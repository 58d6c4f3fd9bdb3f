import type { FenceCallback } from '../fence/callback.js';
import { finish, Holds } from '../container/container.js';
import type { Backend, DmaFenceContext } from '../fence/context.js';
import type { FenceError } from '../error.js';
import type { DmaFence } from '../fence/fence.js';
import { attachCore } from '../fence/attachment.js';
import { createIn, enable, failure, OWES_NOTHING, type Fence } from '../fence/fence-state.js';
import type { PointWaiter } from './point-queue.js';
import { giveBack } from '../fence/held.js';
import { closedContext } from '../fence/stub.js';
import { tracers } from '../tracer/tracing.js';

/** Carries waits down to the fence that a point turned out to be. */
const backend: Backend = {
  waiting: (fence, change) => {
    (fence.data as AwaitedPoint).waiting(change);
  },
};

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

/**
 * A point that somebody waits for before there is a fence for it: a fence of its own stands for it during that wait only.
 *
 * It never leaves the wait, so no fence that others hold depends on something that may never be submitted.
 */
export class AwaitedPoint implements PointWaiter {
  readonly point: number;
  /** What is waited for: over when the point is there, or when the fence that it turned out to be is. */
  readonly fence: Fence<AwaitedPoint>;
  /** The sync object was disposed of. */
  canceled = false;
  readonly #available: boolean;
  #holds: Holds | undefined = undefined;
  #waits = 0;
  #real: Fence | undefined = undefined;
  #record: FenceCallback<AwaitedPoint> | undefined = undefined;

  constructor(context: DmaFenceContext, point: number, available: boolean) {
    this.point = point;
    this.#available = available;
    this.fence = createIn(context, point, this as AwaitedPoint, context._flags | OWES_NOTHING);
  }

  /**
   * The point is there.
   *
   * @consumes real
   */
  arrived(real: Fence): void {
    tracers?.dependency(this.fence, real);
    this.#real = real;
    if (this.#available) {
      finish(this.fence, undefined);
    } else if (enable(real)) {
      this.#record = attachCore(real, complete, this as AwaitedPoint);
      if (this.#waits > 0) this.#hold(1);
    } else {
      this.complete(real);
    }
  }

  complete(real: Fence): void {
    finish(this.fence, failure(real));
  }

  /** Nobody will submit the point, or its fence is gone. */
  refuse(error: unknown): void {
    this.canceled = true;
    this.fence.fail(error as FenceError);
  }

  waiting(change: 1 | -1): void {
    this.#waits += change;
    this.#hold(change);
  }

  /** Carries waits on, where somebody wants to know of them. */
  #hold(change: 1 | -1): void {
    const real = this.#real;
    if (real?.context._backend === undefined) return;
    (this.#holds ??= new Holds()).change(change, () => [real]);
  }

  /** The wait is over, however it ended. */
  [Symbol.dispose](): void {
    this.#record?.[Symbol.dispose]();
    giveBack(this.#real);
    this.#real = undefined;
  }
}

function complete(real: DmaFence, { data }: FenceCallback<AwaitedPoint>): void {
  data.complete(real as Fence);
}
