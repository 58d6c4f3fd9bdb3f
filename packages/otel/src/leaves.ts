import { isFenceArray, type DmaFence, type FenceChainLink } from '@dma-fence/core';

/** Told by its names: core tells of a link before `isFenceChain` knows it. */
function isChain({ context }: DmaFence): boolean {
  return context.driverName === 'dma_fence_chain' && context.timelineName === 'unbound';
}

/** Whether a fence is made of others: an array, a chain, a merge. */
export function isContainer(fence: DmaFence): boolean {
  return isFenceArray(fence) || isChain(fence);
}

/**
 * What a fence stands for, without the containers: itself, or all that it is made of; links of a chain that have
 * succeeded are left out.
 *
 * Only looks: core's `unwrapFences` polls exporters and collects chains on its way, and what a tracer does must not be felt.
 */
export function* leavesOf(fence: DmaFence): IterableIterator<DmaFence> {
  let node: DmaFence | undefined = fence;
  while (node !== undefined && isChain(node)) {
    const link = node.data as FenceChainLink;
    if (link.fence.status !== 'signaled') yield* membersOf(link.fence);
    node = link.previous;
  }
  if (node !== undefined) yield* membersOf(node);
}

function membersOf(fence: DmaFence): readonly DmaFence[] {
  return isFenceArray(fence) ? (fence.data as readonly DmaFence[]) : [fence];
}
