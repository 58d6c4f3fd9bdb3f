import type { DmaFence } from '@dma-fence/core';
interface Table {
  /** @acquires */
  lookup(id: number): DmaFence | null;
  /** @borrowed */
  peek(id: number): DmaFence | null;
}
export function both(t: Table, id: number): string {
  const name = t.peek(id)?.name ?? '';
  const f = t.lookup(id);
  if (f === null) return name;
  const more = f.name;
  f.put();
  return name + more;
}
