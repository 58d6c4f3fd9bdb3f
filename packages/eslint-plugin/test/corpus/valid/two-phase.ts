import { beginSignalling, type DmaFence, type DriverFence } from '@dma-fence/core';
export function retire(all: Set<DriverFence>, upTo: number): void {
  const done: DriverFence[] = [];
  for (const f of all)
    if (f.seqno <= upTo) {
      done.push(f);
      all.delete(f);
    }
  using _s = beginSignalling();
  for (const f of done) f.signal();
  for (const f of done) f.put();
}
export function names(list: Iterable<DmaFence>): string[] {
  return Array.from(list, (f) => f.name);
}
