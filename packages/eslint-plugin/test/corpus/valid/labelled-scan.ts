import type { DmaFence, SyncObject } from '@dma-fence/core';
export function firstSignaled(rows: SyncObject[][]): DmaFence | undefined {
  let hit: DmaFence | undefined;
  outer: for (const row of rows) {
    for (const o of row) {
      const f = o.fence();
      if (!f) continue;
      if (f.signaled) {
        hit = f;
        break outer;
      }
      f.put();
    }
  }
  return hit;
}
