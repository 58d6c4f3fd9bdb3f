// The closure runs when the call is long over.
import type { DriverFence } from '@dma-fence/core';

export function later(fence: DriverFence): void {
  const ref = fence.get();
  setTimeout(() => {
    ref.signal();
    ref.put();
  }, 10);
}
