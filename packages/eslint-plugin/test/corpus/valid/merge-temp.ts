import { mergeFences, type DmaFence, type SyncObject } from '@dma-fence/core';
export function publish(to: SyncObject, fences: DmaFence[]): void {
  const m = mergeFences(fences);
  to.replace(m);
  m.put();
}
export function publishUsing(to: SyncObject, fences: DmaFence[]): void {
  using m = mergeFences(fences);
  to.replace(m);
}
