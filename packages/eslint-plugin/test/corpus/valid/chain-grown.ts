// A chain takes its own references.
import { type DmaFence, fenceChain, signaledFence } from '@dma-fence/core';

export function grow(fences: readonly DmaFence[]): DmaFence {
  let head: DmaFence = signaledFence();
  let seqno = 1;
  for (const fence of fences) {
    const next = fenceChain(head, fence, seqno);
    head.put();
    head = next;
    seqno += 1;
  }
  return head;
}
