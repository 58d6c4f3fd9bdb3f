import { attachCore } from '../fence/attachment.js';
import type { FenceCallback } from '../fence/callback.js';
import { FenceError } from '../error.js';
import type { DmaFence } from '../fence/fence.js';
import { enable, type Fence } from '../fence/fence-state.js';
import { giveBack } from '../fence/held.js';
import type { PointWaiter } from './point-queue.js';

/**
 * A wait for one point that neither time, its caller nor a tracer can end or see: no fence has to stand for the point
 * meanwhile (see `AwaitedPoint`), so that it costs a promise and two records.
 */
export class PointWait implements PointWaiter {
  readonly point: number;
  readonly #available: boolean;
  readonly #resolve: () => void;
  readonly #reject: (reason: unknown) => void;

  constructor(point: number, available: boolean, resolve: () => void, reject: (reason: unknown) => void) {
    this.point = point;
    this.#available = available;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** The point is there; the reference is handed over. */
  arrived(fence: Fence): void {
    if (this.#available) {
      this.#resolve();
      giveBack(fence);
    } else if (enable(fence)) {
      attachCore(fence, over, this as PointWait);
      fence.context._backend?.waiting(fence, 1);
    } else {
      this.#end(fence);
    }
  }

  over(fence: Fence): void {
    fence.context._backend?.waiting(fence, -1);
    this.#end(fence);
  }

  /** Nobody will submit the point, or its fence is gone. */
  refuse(error: unknown): void {
    this.#reject(error);
  }

  #end(fence: Fence): void {
    const { error } = fence;
    if (error === undefined) this.#resolve();
    else this.#reject(error);
    giveBack(fence);
  }
}

function over(fence: DmaFence, { data }: FenceCallback<PointWait>): void {
  data.over(fence as Fence);
}

/** Why a wait for a point ends when its sync object is disposed of. */
export function neverSubmitted(point: number): FenceError {
  return new FenceError('ECANCELED', `SyncObject: disposed of before point ${String(point)} was submitted`);
}
