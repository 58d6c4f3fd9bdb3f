// The wait is returned without await, so using puts the fence before the wait is over.
import type { DmaFence } from '@dma-fence/core';

export async function idle(fence: DmaFence): Promise<void> {
  using ref = fence.get();
  await ref.wait();
}
