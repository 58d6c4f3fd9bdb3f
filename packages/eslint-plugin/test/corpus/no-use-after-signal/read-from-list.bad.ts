// The callbacks of the signal may have emptied the list.
import type { DriverFence } from '@dma-fence/core';

interface Ring {
  readonly head: DriverFence;
}

export function advance(ring: Ring): void {
  const fence = ring.head;
  fence.signal();
  // reports no-use-after-signal
  fence.emit();
}
