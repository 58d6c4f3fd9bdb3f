import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

/** @consumes fence */
declare function stash(fence: DmaFence): number;

export function submit(ring: DmaFenceContext, wantId: boolean): number {
  const hwFence = ring.createFence();
  let id = 0;
  if (wantId) id = stash(hwFence);
  // reports no-double-put
  hwFence.put();
  return id;
}
