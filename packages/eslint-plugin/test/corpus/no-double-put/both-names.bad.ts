// Two names for one reference, each of which is put.
import type { DmaFence } from '@dma-fence/core';

export function rename(fence: DmaFence): void {
  const first = fence.get();
  const second = first;
  first.put();
  // reports no-double-put
  second.put();
}
