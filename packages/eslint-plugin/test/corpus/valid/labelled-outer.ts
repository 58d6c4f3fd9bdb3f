import type { DmaFence, SyncObject } from '@dma-fence/core';
export function findPending(groups: SyncObject[][]): DmaFence | undefined {
  let found: DmaFence | undefined;
  outer: for (const group of groups) {
    for (const slot of group) {
      const f = slot.fence();
      if (!f) continue outer;
      if (f.signaled) {
        f.put();
        continue;
      }
      found = f;
      break outer;
    }
  }
  return found;
}
