// The promise's receiver owns the fence.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export function make(context: DmaFenceContext): Promise<DmaFence> {
  return new Promise((resolve) => {
    const fence = context.createFence();
    fence.signal();
    resolve(fence);
  });
}
