import { FenceError, type DmaFence, type SyncObject } from '@dma-fence/core';

export function parseEntries(raw: { obj: SyncObject; point: number }[]): DmaFence[] {
  const fences: DmaFence[] = [];
  for (const { obj, point } of raw) {
    // reports no-fence-leak
    const fence = obj.fence(point);
    if (!fence) {
      throw new FenceError('ENOENT', 'no fence');
    }
    fences.push(fence);
  }
  return fences;
}
