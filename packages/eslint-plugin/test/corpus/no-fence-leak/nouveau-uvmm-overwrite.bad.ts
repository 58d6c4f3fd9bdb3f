import type { DmaFence, SyncObject } from '@dma-fence/core';

export function latest(a: SyncObject, points: number[]): DmaFence | undefined {
  let newest: DmaFence | undefined;
  for (const p of points) {
    // reports no-fence-leak
    newest = a.fence(p);
  }
  return newest;
}
