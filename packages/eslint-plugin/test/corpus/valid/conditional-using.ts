import type { DmaFence } from '@dma-fence/core';
export async function waitUnless(fence: DmaFence, skip: boolean): Promise<void> {
  using ref = skip ? undefined : fence.get();
  await ref?.wait();
}
