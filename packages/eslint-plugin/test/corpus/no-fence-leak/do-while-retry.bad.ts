// A retry loop makes a fence each round and keeps only the last.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

declare function trySubmit(fence: DmaFence): boolean;

export function retry(context: DmaFenceContext): void {
  let attempts = 0;
  let isSent = false;
  do {
    // reports no-fence-leak
    const fence = context.createFence();
    isSent = trySubmit(fence);
    attempts += 1;
    fence.signal();
    if (!isSent) fence.put();
  } while (!isSent && attempts < 3);
}
