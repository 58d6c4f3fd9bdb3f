// The answer is kept and never asked.
import type { DmaFence } from '@dma-fence/core';

declare function wake(): void;

export function sleepOn(fences: readonly DmaFence[]): void {
  for (const fence of fences) {
    // reports check-callback-result
    const isAdded = fence.addCallback(wake);
  }
}
