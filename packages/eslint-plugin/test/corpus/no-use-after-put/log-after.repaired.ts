import type { SyncObject } from '@dma-fence/core';
export function drop(slot: SyncObject): void {
  const fence = slot.fence();
  if (fence === undefined) return;
  if (!fence.poll()) console.warn(fence.name);
  fence.put();
}
