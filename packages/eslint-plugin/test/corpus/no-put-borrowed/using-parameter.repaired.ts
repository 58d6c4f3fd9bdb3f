// The parameter is scoped as if it had been taken here.
import type { DmaFence } from '@dma-fence/core';

export async function idle(fence: DmaFence): Promise<void> {
  using ref = fence.get();
  await ref.wait();
}
