import { FenceError, mergeFences, type DmaFence, type SyncObject } from '@dma-fence/core';
export function merge(a: SyncObject, b: SyncObject): DmaFence {
  const x = a.fence();
  if (x === undefined) throw new FenceError('EINVAL', 'a is empty');
  const y = b.fence();
  if (y === undefined) {
    x.put();
    throw new FenceError('EINVAL', 'b is empty');
  }
  const merged = mergeFences([x, y]);
  x.put();
  y.put();
  return merged;
}
