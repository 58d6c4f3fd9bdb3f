// The callback is called where it was added, and not where it was refused.
import type { DmaFence } from '@dma-fence/core';

declare function wake(): void;

export function sleepOn(fence: DmaFence): void {
  if (!fence.addCallback(wake)) wake();
}
