// A throw leaves the section open.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function complete(fence: DriverFence, code: number): void {
  // reports balanced-signalling
  const section = beginSignalling();
  if (code < 0) throw new Error('bad code');
  fence.signal();
  section.end();
}
