import type { DmaFence } from '@dma-fence/core';
export function arm(fence: DmaFence, run: () => void): void {
  const ref = fence.get();
  const added = fence.addCallback(() => {
    run();
    ref.put();
  });
  if (!added) run();
  // reports no-double-put
  ref.put();
}
