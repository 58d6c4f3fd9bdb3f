// Each round's fence is put or handed over.
import type { DmaFenceContext, DriverFence } from '@dma-fence/core';

/** @consumes fence - only when the call returns true */
declare function enqueue(fence: DriverFence): boolean;

export function submit(context: DmaFenceContext): boolean {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const fence = context.createFence();
    if (enqueue(fence)) return true;
    fence.put();
  }
  return false;
}
