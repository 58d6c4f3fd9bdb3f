// A link's fence belongs to the link.
import type { DmaFence, FenceChainLink } from '@dma-fence/core';

export function unlink(head: DmaFence<FenceChainLink>): void {
  const inner = head.data.fence;
  console.log(inner.name);
}
