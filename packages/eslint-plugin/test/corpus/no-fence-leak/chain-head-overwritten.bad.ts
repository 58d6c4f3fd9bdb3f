import { fenceChain, type DmaFence } from '@dma-fence/core';
export function link(fences: readonly DmaFence[]): DmaFence | undefined {
  let head: DmaFence | undefined;
  for (const [i, fence] of fences.entries()) {
    // reports no-fence-leak
    head = fenceChain(head, fence, i + 1);
  }
  return head;
}
