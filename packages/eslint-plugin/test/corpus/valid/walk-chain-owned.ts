import type { DmaFence, FenceChainLink } from '@dma-fence/core';
export function depth(head: DmaFence<FenceChainLink>): number {
  let n = 0;
  let node: DmaFence | undefined = head.get();
  while (node !== undefined) {
    n++;
    const previous: DmaFence | undefined = (node as DmaFence<FenceChainLink>).data.previous?.get();
    node.put();
    node = previous;
  }
  return n;
}
