// The update's fence is chosen before the mapping work, which replaces it.
import type { DmaFence, SyncObject } from '@dma-fence/core';

interface Mapping {
  lastUpdate: DmaFence;
  update(): Promise<void>;
}

export async function bindAndPublish(mapping: Mapping, out: SyncObject, point: number): Promise<void> {
  await mapping.update();
  const fence = mapping.lastUpdate;
  out.addPoint(point, fence);
}
