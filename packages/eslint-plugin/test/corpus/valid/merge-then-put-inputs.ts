// Core borrows; the inputs are put by their owner.
import { type DmaFence, mergeFences } from '@dma-fence/core';

declare function lookup(handle: number): DmaFence | undefined;

export function merged(handles: readonly number[]): DmaFence {
  const found: DmaFence[] = [];
  for (const handle of handles) {
    const fence = lookup(handle);
    if (fence) found.push(fence);
  }
  try {
    return mergeFences(found);
  } finally {
    for (const fence of found) fence.put();
  }
}
