import { fenceChain, type DmaFence } from '@dma-fence/core';
export function link(fences: readonly DmaFence[]): DmaFence | undefined {
  let head: DmaFence | undefined;
  for (const [i, fence] of fences.entries()) {
    const next = fenceChain(head, fence, i + 1);
    head?.put();
    head = next;
  }
  return head;
}
