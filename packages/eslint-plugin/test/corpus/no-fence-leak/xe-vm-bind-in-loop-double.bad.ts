import type { DmaFence, SyncObject } from '@dma-fence/core';
declare function bindOne(vma: number, dep: DmaFence): void;
export function bind(vmas: number[], o: SyncObject): void {
  // reports no-fence-leak
  const dep = o.fence();
  if (!dep) return;
  for (const vma of vmas) {
    // reports no-use-after-put
    bindOne(vma, dep);
    // reports no-double-put
    dep.put();
  }
}
