import { unfit } from '../error.js';
import type { DmaFence } from '../fence/dma-fence.js';
import type { Fence } from '../fence/fence.js';
import { giveBack } from '../fence/held.js';
import { UNQUEUED } from '../sync-object/point-queue.js';
import { checkPoint } from '../sync-object/point.js';
import { SyncObject } from '../sync-object/sync-object.js';
import type { FenceError } from '../error.js';

/**
 * Who waits for a point of a sync object to be submitted.
 *
 * @example Go on with the fence
 * ```ts
 * import type { PointListener } from '@dma-fence/core/producer';
 *
 * const listener: PointListener = {
 *   arrived: (fence) => void fence.addCallback(() => undefined),
 *   canceled: (error) => console.warn(error.message),
 * };
 * ```
 */
export interface PointListener {
  /** The point is there, with this fence (borrowed). Must not throw. */
  arrived(fence: DmaFence): void;
  /** It never will be: the sync object was disposed of. Must not throw. */
  canceled(error: FenceError): void;
}

/**
 * Tells when a point of a sync object is submitted, or never will be; at once, before this returns, if that is known.
 *
 * @param syncObject which one.
 * @param point 0: whatever fence is there.
 * @param listener told once, synchronously.
 * @returns a disposable that takes it back.
 * @throws FenceError `EINVAL` for anything but a sync object and a point.
 *
 * @example A job that depends on something not submitted yet
 * ```ts
 * import { SyncObject } from '@dma-fence/core';
 * import { whenSubmitted } from '@dma-fence/core/producer';
 *
 * using pictures = new SyncObject();
 * const seen: string[] = [];
 * whenSubmitted(pictures, 1, {
 *   arrived: () => seen.push('there'),
 *   canceled: ({ code }) => seen.push(code),
 * });
 * pictures.signal(1);
 * seen[0]; // 'there'
 * ```
 */
export function whenSubmitted(syncObject: SyncObject, point: number, listener: PointListener): Disposable {
  if (!(syncObject instanceof SyncObject)) {
    throw unfit('whenSubmitted(): syncObject', 'a SyncObject', syncObject);
  }
  checkPoint('whenSubmitted', point, 0);
  const waiter = {
    ...UNQUEUED,
    point,
    arrived: (fence: Fence): void => {
      listener.arrived(fence);
      giveBack(fence);
    },
    refuse: (error: unknown): void => {
      listener.canceled(error as FenceError);
    },
  };
  syncObject._await(waiter);
  return {
    [Symbol.dispose]() {
      syncObject._forget(waiter);
    },
  };
}
