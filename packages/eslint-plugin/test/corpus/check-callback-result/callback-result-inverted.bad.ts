import type { DmaFence } from '@dma-fence/core';
export function wake(f: DmaFence, run: () => void): void {
  // reports check-callback-result
  if (f.addCallback(run)) run();
}
