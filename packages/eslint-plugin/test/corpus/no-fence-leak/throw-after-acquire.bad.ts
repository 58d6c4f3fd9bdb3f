// A bad argument is noticed after the reference has been taken, and thrown.
import type { DmaFence, SyncObject } from '@dma-fence/core';

export function attach(fence: DmaFence, sync: SyncObject, point: number): void {
  // reports no-fence-leak
  const ref = fence.get();
  if (point < 0) {
    throw new RangeError('negative point');
  }
  sync.addPoint(point, ref);
  ref.put();
}
