// The reference is put before the wait it was taken for.
import type { DmaFence } from '@dma-fence/core';

export async function drain(fence: DmaFence): Promise<void> {
  const ref = fence.get();
  ref.put();
  // reports no-use-after-put
  await ref.wait();
}
