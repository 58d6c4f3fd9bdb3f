import { type DmaFence, unwrapFences } from '@dma-fence/core';

/** Each pending leaf with a reference of its own, which the consumer puts. */
export function* pendingLeaves(fence: DmaFence): Generator<DmaFence> {
  for (const leaf of unwrapFences(fence)) {
    if (leaf.signaled) continue;
    yield leaf.get();
  }
}

export function countLeaves(fence: DmaFence): number {
  let count = 0;
  for (const leaf of pendingLeaves(fence)) {
    count += 1;
    leaf.put();
  }
  return count;
}

/** Holds the fence only while somebody iterates. */
export function* ticks(fence: DmaFence, limit: number): Generator<number> {
  const held = fence.get();
  try {
    for (let tick = 0; tick < limit && !held.signaled; tick += 1) yield tick;
  } finally {
    held.put();
  }
}
