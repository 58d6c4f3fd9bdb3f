import type { DmaFence } from '@dma-fence/core';
export function whenDone(fence: DmaFence, run: () => void): void {
  const ref = fence.get();
  const finish = (): void => {
    run();
    ref.put();
  };
  if (!fence.addCallback(finish)) finish();
}
