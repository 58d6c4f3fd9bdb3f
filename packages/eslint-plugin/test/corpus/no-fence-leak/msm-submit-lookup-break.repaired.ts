import type { DmaFence, SyncObject } from '@dma-fence/core';
export function parse(slots: readonly SyncObject[], add: (f: DmaFence) => number): number {
  let ret = 0;
  for (const slot of slots) {
    const fence = slot.fence();
    if (!fence) {
      ret = -22;
      break;
    }
    ret = add(fence);
    fence.put();
    if (ret < 0) break;
  }
  return ret;
}
