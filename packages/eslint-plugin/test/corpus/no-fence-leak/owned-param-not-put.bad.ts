import type { DmaFence, Owned } from '@dma-fence/core';
// reports no-fence-leak
export function retire(fence: Owned<DmaFence>, keep: Map<number, DmaFence>): void {
  if (fence.signaled) {
    return;
  }
  keep.set(fence.seqno, fence);
}
