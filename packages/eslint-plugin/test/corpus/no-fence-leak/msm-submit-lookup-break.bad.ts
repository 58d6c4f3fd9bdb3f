import type { DmaFence, SyncObject } from '@dma-fence/core';
export function parse(slots: readonly SyncObject[], add: (f: DmaFence) => number): number {
  let ret = 0;
  for (const slot of slots) {
    // reports no-fence-leak
    const fence = slot.fence();
    if (!fence) {
      ret = -22;
      break;
    }
    ret = add(fence);
    if (ret < 0) break;
    fence.put();
  }
  return ret;
}
