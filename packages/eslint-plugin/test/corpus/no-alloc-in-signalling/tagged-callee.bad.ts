// The callee says that it allocates.
import type { DriverFence } from '@dma-fence/core';

/** @allocates */
declare function makePacket(): { send(): void };

/** @signallingPath */
export function onInterrupt(fence: DriverFence, spare: { send(): void }): void {
  // reports no-alloc-in-signalling
  makePacket().send();
  fence.signal();
}
