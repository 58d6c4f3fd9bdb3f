// The parameter is scoped as if it had been taken here.
import type { DmaFence } from '@dma-fence/core';

export async function idle(fence: DmaFence): Promise<void> {
  // reports no-put-borrowed
  using ref = fence;
  await ref.wait();
}
