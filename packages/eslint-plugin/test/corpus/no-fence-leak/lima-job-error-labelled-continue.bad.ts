import type { DmaFence, SyncObject } from '@dma-fence/core';
declare function compatible(a: DmaFence, b: DmaFence): boolean;
export function group(objs: SyncObject[], members: DmaFence[]): number {
  let merged = 0;
  next: for (const o of objs) {
    // reports no-fence-leak
    const f = o.fence();
    if (!f) continue;
    for (const m of members) {
      if (!compatible(f, m)) continue next;
    }
    merged++;
    f.put();
  }
  return merged;
}
