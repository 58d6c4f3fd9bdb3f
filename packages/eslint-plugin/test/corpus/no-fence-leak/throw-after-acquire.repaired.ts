// A bad argument is noticed after the reference has been taken, and thrown.
import type { DmaFence, SyncObject } from '@dma-fence/core';

export function attach(fence: DmaFence, sync: SyncObject, point: number): void {
  const ref = fence.get();
  if (point < 0) {
    ref.put();
    throw new RangeError('negative point');
  }
  sync.addPoint(point, ref);
  ref.put();
}
