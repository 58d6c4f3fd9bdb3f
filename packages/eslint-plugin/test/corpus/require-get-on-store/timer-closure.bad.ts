// The closure runs when the call is long over.
import type { DriverFence } from '@dma-fence/core';

export function later(fence: DriverFence): void {
  setTimeout(() => {
    // reports require-get-on-store
    fence.signal();
  }, 10);
}
