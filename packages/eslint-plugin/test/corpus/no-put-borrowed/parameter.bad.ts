// The caller's reference is put by the callee.
import type { DmaFence } from '@dma-fence/core';

export async function waitAndDrop(fence: DmaFence): Promise<void> {
  await fence.wait();
  // reports no-put-borrowed
  fence.put();
}
