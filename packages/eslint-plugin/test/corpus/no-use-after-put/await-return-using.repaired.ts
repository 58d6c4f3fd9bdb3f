import type { DmaFence } from '@dma-fence/core';
export async function wait(f: DmaFence): Promise<void> {
  using ref = f.get();
  await ref.wait();
}
