import { fenceArray, type DmaFence, type SyncObject } from '@dma-fence/core';
export function publishPair(o: SyncObject, a: DmaFence, b: DmaFence): void {
  using pair = fenceArray([a, b]);
  o.replace(pair);
}
export function any(fs: DmaFence[]): DmaFence {
  return fenceArray(fs, { mode: 'any' });
}
