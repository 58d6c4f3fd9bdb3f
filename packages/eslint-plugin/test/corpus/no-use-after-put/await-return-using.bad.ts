import type { DmaFence } from '@dma-fence/core';
export function wait(f: DmaFence): Promise<void> {
  using ref = f.get();
  // reports no-use-after-put
  return ref.wait();
}
