// The closure that runs later owns its reference.
import type { DriverFence } from '@dma-fence/core';

export function later(fence: DriverFence): void {
  const ref = fence.get();
  setTimeout(() => {
    ref.signal();
    ref.put();
  }, 10);
}
