// The guard of a free section is dropped at once.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function finish(fence: DriverFence): void {
  // reports no-floating-fence
  beginSignalling();
  fence.signal();
}
