import type { DmaFence } from '@dma-fence/core';
const finished: DmaFence[] = [];
export function collect(fence: DmaFence): void {
  const keep = (f: DmaFence): void => {
    finished.push(f.get());
  };
  if (!fence.addCallback(keep)) keep(fence);
}
export function reap(): string[] {
  const names: string[] = [];
  for (let f = finished.pop(); f !== undefined; f = finished.pop()) {
    names.push(f.name);
    f.put();
  }
  return names;
}
