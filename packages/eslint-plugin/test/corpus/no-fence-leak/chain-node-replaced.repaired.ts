// A chain is grown in a loop; the old head is overwritten without a put.
import { type DmaFence, fenceChain, signaledFence } from '@dma-fence/core';

export function build(fences: readonly DmaFence[]): DmaFence {
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
