import type { DmaFence } from '@dma-fence/core';
export function byContext(list: readonly DmaFence[]): Map<number, DmaFence[]> {
  const groups = new Map<number, DmaFence[]>();
  for (const f of list) {
    let group = groups.get(f.context.id);
    if (!group) groups.set(f.context.id, (group = []));
    group.push(f.get());
  }
  return groups;
}
export function release(groups: Map<number, DmaFence[]>): void {
  for (const group of groups.values()) for (const f of group) f.put();
  groups.clear();
}
