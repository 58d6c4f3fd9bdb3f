import { type DmaFence } from '@dma-fence/core';

const live = new Set<DmaFence>();
export function track(f: DmaFence): void {
  live.add(f.get());
}
export function sweep(): void {
  for (const f of live) {
    if (!f.signaled) continue;
    live.delete(f);
    f.put();
  }
}
export function stop(): void {
  for (const f of live) f.put();
  live.clear();
}
