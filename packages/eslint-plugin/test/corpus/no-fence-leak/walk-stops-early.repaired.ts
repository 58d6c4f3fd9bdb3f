// A walk over a list takes a reference on each element and breaks out of the loop with the last one.
import type { DmaFence } from '@dma-fence/core';

export function firstPending(fences: readonly DmaFence[]): number {
  let found = -1;
  for (const [index, fence] of fences.entries()) {
    const ref = fence.get();
    if (!ref.poll()) {
      found = index;
      ref.put();
      break;
    }
    ref.put();
  }
  return found;
}
