// The same with a finally.
import type { DmaFence } from '@dma-fence/core';

export async function idle(fence: DmaFence): Promise<void> {
  const ref = fence.get();
  try {
    return await ref.wait();
  } finally {
    ref.put();
  }
}
