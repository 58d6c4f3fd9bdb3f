// A chain is grown in a loop; the old head is overwritten without a put.
import { type DmaFence, fenceChain, signaledFence } from '@dma-fence/core';

export function build(fences: readonly DmaFence[]): DmaFence {
  // reports no-fence-leak
  let head: DmaFence = signaledFence();
  let seqno = 1;
  for (const fence of fences) {
    // reports no-fence-leak
    head = fenceChain(head, fence, seqno);
    seqno += 1;
  }
  return head;
}
