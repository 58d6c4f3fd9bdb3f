import type { DmaFence, SyncObject } from '@dma-fence/core';
export function resolve(x: DmaFence): DmaFence;
export function resolve(x: SyncObject, point: number): DmaFence | undefined;
export function resolve(x: DmaFence | SyncObject, point?: number): DmaFence | undefined {
  if ('seqno' in x) return x.get();
  return x.fence(point);
}
