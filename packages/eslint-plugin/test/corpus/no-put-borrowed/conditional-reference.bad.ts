// The reference is taken on one branch, and put on both.
import type { DmaFence } from '@dma-fence/core';

export async function wait(fence: DmaFence, isLong: boolean): Promise<void> {
  const ref = isLong ? fence.get() : fence;
  if (isLong) await ref.wait();
  // reports no-put-borrowed
  ref.put();
}
