// The callback owns the reference it will put; when it was not added the reference stays with the caller.
import type { DmaFence } from '@dma-fence/core';

declare function wake(): void;

export function poll(fence: DmaFence): boolean {
  // reports no-fence-leak
  const ref = fence.get();
  const isAdded = ref.addCallback(() => {
    wake();
    ref.put();
  });
  if (!isAdded) {
    wake();
  }
  return isAdded;
}
