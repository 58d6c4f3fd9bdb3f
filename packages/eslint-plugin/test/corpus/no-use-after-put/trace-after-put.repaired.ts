// The trace line reads the fence's methods after the last put.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

declare function trace(fence: DmaFence): void;

export function done(context: DmaFenceContext): void {
  const fence = context.createFence();
  fence.signal();
  trace(fence);
  fence.put();
}
