import type { DmaFence } from '@dma-fence/core';
/** @consumes fence */
export function finish(fence: DmaFence | null): void {
  if (fence === null) return;
  fence.setDeadline(0);
  fence.put();
}
export function both(a: DmaFence, b: DmaFence | null): void {
  finish(a.get());
  finish(b?.get() ?? null);
}
