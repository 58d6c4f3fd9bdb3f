import type { DmaFence, Owned } from '@dma-fence/core';
export function retire(fence: Owned<DmaFence>, keep: Map<number, DmaFence>): void {
  if (fence.signaled) {
    fence.put();
    return;
  }
  keep.set(fence.seqno, fence);
}
