// A submission that finds no room in the ring returns early and forgets the fence it has just made.
import type { DmaFenceContext, DriverFence } from '@dma-fence/core';

interface Ring {
  hasRoom(jobs: number): boolean;
  push(fence: DriverFence): void;
}

export function submit(context: DmaFenceContext, ring: Ring): boolean {
  // reports no-fence-leak
  const fence = context.createFence();
  if (!ring.hasRoom(1)) {
    return false;
  }
  ring.push(fence);
  fence.signal();
  fence.put();
  return true;
}
