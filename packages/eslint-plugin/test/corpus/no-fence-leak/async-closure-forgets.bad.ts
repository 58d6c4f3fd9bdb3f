// The task that is started later takes its own reference and leaves early.
import type { DmaFence } from '@dma-fence/core';

declare function step(): Promise<boolean>;

export function background(fence: DmaFence): () => Promise<void> {
  const ref = fence.get();
  return async () => {
    // reports no-fence-leak
    const own = ref.get();
    try {
      if (!(await step())) return;
      await own.wait();
      own.put();
    } finally {
      ref.put();
    }
  };
}
