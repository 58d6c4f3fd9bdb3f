import type { DmaFence } from '@dma-fence/core';
const list: DmaFence[] = [];
export function add(f: DmaFence): void {
  list.push(f.get());
}
export function remove(f: DmaFence): void {
  const i = list.indexOf(f);
  if (i < 0) return;
  list.splice(i, 1);
  f.put();
}
