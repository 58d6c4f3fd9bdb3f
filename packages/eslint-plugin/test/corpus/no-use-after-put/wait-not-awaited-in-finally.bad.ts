// The same with a finally.
import type { DmaFence } from '@dma-fence/core';

export async function idle(fence: DmaFence): Promise<void> {
  const ref = fence.get();
  try {
    // reports no-use-after-put
    return ref.wait();
  } finally {
    ref.put();
  }
}
