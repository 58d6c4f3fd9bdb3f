import type { DmaFence, FenceTimeline } from '@dma-fence/core';
export function createPt(tl: FenceTimeline, want: number): DmaFence {
  let pt: DmaFence = tl.createFence();
  if (pt.seqno !== want) {
    pt.put();
    pt = tl.fenceAt(want);
  }
  return pt;
}
