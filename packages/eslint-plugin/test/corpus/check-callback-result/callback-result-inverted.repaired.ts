import type { DmaFence } from '@dma-fence/core';
export function wake(f: DmaFence, run: () => void): void {
  if (!f.addCallback(run)) run();
}
