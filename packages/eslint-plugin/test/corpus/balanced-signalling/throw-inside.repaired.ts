// A throw leaves the section open.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function complete(fence: DriverFence, code: number): void {
  using section = beginSignalling();
  if (code < 0) throw new Error('bad code');
  fence.signal();
}
