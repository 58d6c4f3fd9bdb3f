// The reference is put before the wait it was taken for.
import type { DmaFence } from '@dma-fence/core';

export async function drain(fence: DmaFence): Promise<void> {
  const ref = fence.get();
  await ref.wait();
  ref.put();
}
