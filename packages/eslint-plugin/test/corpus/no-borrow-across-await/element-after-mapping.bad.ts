// The update's fence is chosen before the mapping work, which replaces it.
import type { DmaFence, SyncObject } from '@dma-fence/core';

interface Mapping {
  lastUpdate: DmaFence;
  update(): Promise<void>;
}

export async function bindAndPublish(mapping: Mapping, out: SyncObject, point: number): Promise<void> {
  const fence = mapping.lastUpdate;
  await mapping.update();
  // reports no-borrow-across-await
  out.addPoint(point, fence);
}
