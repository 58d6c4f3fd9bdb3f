import { fenceChain, type DmaFence, type FenceChainLink } from '@dma-fence/core';
export function previousOf(link: DmaFence<FenceChainLink>): DmaFence | undefined {
  return link.data.previous?.get();
}
export function extend(head: DmaFence | undefined, f: DmaFence, n: number): DmaFence {
  return head === undefined || head.signaled ? f.get() : fenceChain(head, f, n);
}
