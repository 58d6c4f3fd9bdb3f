import type { DmaFence } from '@dma-fence/core';
interface Bus {
  on(e: string, fn: (f: DmaFence) => void): () => void;
}
export function mirror(bus: Bus): () => void {
  const held = new Set<DmaFence>();
  const offAdd = bus.on('add', (f) => {
    if (!held.has(f)) held.add(f.get());
  });
  const offDel = bus.on('del', (f) => {
    if (held.delete(f)) f.put();
  });
  return () => {
    offAdd();
    offDel();
    for (const f of held) f.put();
    held.clear();
  };
}
