// The reference is taken on one branch, and put on both.
import type { DmaFence } from '@dma-fence/core';

export async function wait(fence: DmaFence, isLong: boolean): Promise<void> {
  const ref = fence.get();
  if (isLong) await ref.wait();
  ref.put();
}
