import type { DmaFence } from '@dma-fence/core';
interface Ring {
  /** @consumes fence - only when the call returns true */
  tryPush(fence: DmaFence): boolean;
}
export function push(ring: Ring, fence: DmaFence): boolean {
  const ref = fence.get();
  if (ring.tryPush(ref)) return true;
  ref.put();
  return false;
}
export function pushOr(ring: Ring, fence: DmaFence): void {
  const ref = fence.get();
  const accepted = ring.tryPush(ref);
  if (!accepted) {
    ref.put();
    throw new Error('full');
  }
}
