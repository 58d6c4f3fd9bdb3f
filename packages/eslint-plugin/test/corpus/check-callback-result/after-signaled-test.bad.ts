// The flag is asked first, but the exporter may still say "already done".
import type { DmaFence } from '@dma-fence/core';

declare function wake(): void;

export function sleepOn(fence: DmaFence): void {
  // reports check-callback-result
  if (!fence.signaled) fence.addCallback(wake);
  else wake();
}
