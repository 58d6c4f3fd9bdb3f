// The callback puts a reference that nobody has taken for it.
import type { DmaFence } from '@dma-fence/core';

export function arm(fence: DmaFence): void {
  // reports no-put-borrowed
  if (!fence.addCallback(() => fence.put())) console.log('late');
}
