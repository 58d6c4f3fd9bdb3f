// The fence may have signaled; then nobody wakes the waiter.
import type { DmaFence } from '@dma-fence/core';

declare function wake(): void;

export function sleepOn(fence: DmaFence): void {
  // reports check-callback-result
  fence.addCallback(wake);
}
