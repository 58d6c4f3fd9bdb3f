// The fence a callback is given is lent for the call.
import type { DmaFence } from '@dma-fence/core';

export function watch(fence: DmaFence): boolean {
  return fence.addCallback((signaled) => {
    console.log(signaled.name);
    // reports no-put-borrowed
    signaled.put();
  });
}
