// The guard of a free section is dropped at once.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function finish(fence: DriverFence): void {
  using section = beginSignalling();
  fence.signal();
}
