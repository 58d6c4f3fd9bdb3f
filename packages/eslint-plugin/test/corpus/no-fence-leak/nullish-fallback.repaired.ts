// One side of a fallback is lent, the other one made here: only the lent side is remembered.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export async function settle(previous: DmaFence | undefined, context: DmaFenceContext): Promise<void> {
  using fence = previous?.get() ?? context.createFence();
  await fence.wait();
}
