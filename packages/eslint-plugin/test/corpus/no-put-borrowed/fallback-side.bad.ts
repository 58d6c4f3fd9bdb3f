// Only one side of the fallback is a reference of its own.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export async function settle(last: DmaFence | undefined, context: DmaFenceContext): Promise<void> {
  const fence = last ?? context.createFence();
  await fence.wait();
  // reports no-put-borrowed
  fence.put();
}
