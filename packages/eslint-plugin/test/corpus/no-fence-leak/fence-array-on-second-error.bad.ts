// Building an array succeeds, publishing it fails, and the array fence is lost.
import { type DmaFence, fenceArray } from '@dma-fence/core';

declare function install(fence: DmaFence): number;

export function publish(fences: readonly DmaFence[]): number {
  // reports no-fence-leak
  const all = fenceArray(fences);
  const fd = install(all);
  if (fd < 0) return fd;
  all.put();
  return fd;
}
