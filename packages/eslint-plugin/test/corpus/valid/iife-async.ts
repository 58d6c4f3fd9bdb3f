import type { DmaFence } from '@dma-fence/core';
export function background(fence: DmaFence, then: () => void): void {
  const ref = fence.get();
  void (async () => {
    try {
      await ref.wait();
      then();
    } catch {
      // what failed is told elsewhere
    } finally {
      ref.put();
    }
  })();
}
