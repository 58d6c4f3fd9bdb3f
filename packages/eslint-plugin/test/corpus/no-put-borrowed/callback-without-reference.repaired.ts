// The callback puts a reference that nobody has taken for it.
import type { DmaFence } from '@dma-fence/core';

export function arm(fence: DmaFence): void {
  const ref = fence.get();
  if (!fence.addCallback(() => ref.put())) ref.put();
}
