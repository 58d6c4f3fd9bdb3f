import type { DmaFence, SyncObject } from '@dma-fence/core';
declare function bindOne(vma: number, dep: DmaFence): void;
export function bind(vmas: number[], o: SyncObject): void {
  const dep = o.fence();
  if (!dep) return;
  for (const vma of vmas) {
    bindOne(vma, dep);
  }
  dep.put();
}
