import type { DmaFence, SyncObject } from '@dma-fence/core';
export function* fencesOf(slots: Iterable<SyncObject>): Generator<DmaFence, number> {
  let count = 0;
  for (const slot of slots) {
    const fence = slot.fence();
    if (!fence) continue;
    try {
      yield fence;
      count++;
    } finally {
      fence.put();
    }
  }
  return count;
}
export function anyPending(slots: Iterable<SyncObject>): boolean {
  for (const f of fencesOf(slots)) if (!f.signaled) return true;
  return false;
}
