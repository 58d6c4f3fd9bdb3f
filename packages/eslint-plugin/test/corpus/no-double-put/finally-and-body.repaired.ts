// The body puts what the finally puts as well.
import type { DmaFence } from '@dma-fence/core';

export async function wait(fence: DmaFence): Promise<void> {
  const ref = fence.get();
  try {
    await ref.wait();
  } finally {
    ref.put();
  }
}
