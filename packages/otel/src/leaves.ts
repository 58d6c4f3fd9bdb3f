import { isFenceArray, isFenceChain, peekFences, type DmaFence } from '@dma-fence/core';

/** Whether a fence is made of others: an array, a chain, a merge. */
export function isContainer(fence: DmaFence): boolean {
  return isFenceArray(fence) || isFenceChain(fence);
}

/**
 * What a fence stands for, without the containers: itself, or all that it is made of; of a chain what has succeeded is left
 * out. Only looks: what a tracer does must not be felt.
 */
export function* leavesOf(fence: DmaFence): IterableIterator<DmaFence> {
  const chain = isFenceChain(fence);
  for (const leaf of peekFences(fence)) if (!chain || leaf.status !== 'signaled') yield leaf;
}
