import { attachCore } from '../fence/attachment.js';
import type { FenceCallback } from '../fence/callback.js';
import { isContainer } from '../container/container.js';
import { Course } from '../wait/course.js';
import { FenceError } from '../error.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { enable, type Fence } from '../fence/fence.js';
import { giveBack, isOver } from '../fence/held.js';
import type { Limits } from '../wait/limits.js';
import type { PointWaiter } from './point-queue.js';
import type { SyncObject } from './sync-object.js';

/**
 * A wait for one point: first for the point to be there, then for its fence, unless it is enough that it is `available`.
 *
 * No fence has to stand for the point meanwhile, as it must where somebody looks on (see `AwaitedPoint`).
 */
export class PointWait extends Course implements PointWaiter {
  readonly point: number;
  place = -1;
  turn = 0;
  readonly #syncObject: SyncObject;
  readonly #available: boolean;
  readonly #resolve: () => void;
  readonly #reject: (reason: unknown) => void;
  /** The fence of the point, once it is there; held. */
  #fence: Fence | undefined = undefined;
  /** What hangs on that fence. */
  #record: FenceCallback<PointWait> | undefined = undefined;

  constructor(
    syncObject: SyncObject,
    point: number,
    available: boolean,
    resolve: () => void,
    reject: (reason: unknown) => void,
  ) {
    super();
    this.#syncObject = syncObject;
    this.point = point;
    this.#available = available;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  override begin(limits: Limits): void {
    if (this.#syncObject._has(this.point)) {
      this.#fence ??= this.#syncObject.fence(this.point) as Fence;
      // Nobody may have asked a container yet whether it is over.
      if (!this.#available && isContainer(this.#fence)) isOver(this.#fence);
    }
    super.begin(limits);
  }

  settle(): boolean {
    const fence = this.#fence;
    if (fence === undefined || (!this.#available && !fence.signaled)) return false;
    const error = this.#available ? undefined : fence.error;
    if (error === undefined) this.#resolve();
    else this.#reject(error);
    return true;
  }

  reject(reason: unknown): void {
    this.#reject(reason);
  }

  ask(): void {
    const fence = this.#fence;
    if (fence !== undefined && enable(fence)) isOver(fence);
  }

  hang(): void {
    this.stage = 'hung';
    if (this.#fence === undefined) this.#syncObject._await(this);
    else this.#follow(this.#fence);
  }

  /** The point is there; the reference is handed over. */
  arrived(fence: Fence): void {
    this.#fence = fence;
    if (this.#available) this.end('signaled');
    else this.#follow(fence);
  }

  #follow(fence: Fence): void {
    if (!enable(fence)) {
      this.end('signaled');
      return;
    }
    this.#record = attachCore(fence, signaled, this as PointWait);
    this.tell(fence, 1);
  }

  /** Tells the backend of a fence that it is awaited, or no longer. */
  tell(fence: Fence, change: 1 | -1): void {
    fence.context._backend?.waiting(fence, change);
  }

  /** Nobody will submit the point, or its fence is gone. */
  refuse(error: unknown): void {
    this.end('aborted', error);
  }

  leave(): void {
    this.#syncObject._forget(this);
    const fence = this.#fence;
    if (fence === undefined) return;
    if (this.#record !== undefined) {
      this.#record[Symbol.dispose]();
      this.tell(fence, -1);
    }
    giveBack(fence);
  }
}

function signaled(_fence: DmaFence, { data }: FenceCallback<PointWait>): void {
  data.end('signaled');
}

/** Why a wait for a point ends when its sync object is disposed of. */
export function neverSubmitted(point: number): FenceError {
  return new FenceError('ECANCELED', `SyncObject: disposed of before point ${String(point)} was submitted`);
}
