import type { DmaFence } from '@dma-fence/core';
export async function waitFor(f: DmaFence): Promise<void> {
  await f.wait();
}
