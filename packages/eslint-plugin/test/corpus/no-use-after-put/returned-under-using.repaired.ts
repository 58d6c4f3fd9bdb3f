// A fence declared with using is returned; the caller gets one that was just put.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export function make(context: DmaFenceContext): DmaFence {
  using fence = context.createFence();
  fence.setDeadline(10);
  return fence.get();
}
