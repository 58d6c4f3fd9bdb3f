import type { DmaFence, SyncObject } from '@dma-fence/core';
export function lookupAll(slots: readonly SyncObject[]): DmaFence[] {
  const done: DmaFence[] = [];
  try {
    for (const slot of slots) {
      const fence = slot.fence();
      if (fence === undefined) throw new Error('empty slot');
      done.push(fence);
    }
    return done;
  } catch (error) {
    for (const fence of done) fence.put();
    throw error;
  }
}
