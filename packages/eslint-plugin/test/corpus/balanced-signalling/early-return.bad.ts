// A section is left open by an early return.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function complete(fence: DriverFence, isBroken: boolean): void {
  // reports balanced-signalling
  const section = beginSignalling();
  if (isBroken) {
    fence.fail('EIO');
    return;
  }
  fence.signal();
  section.end();
}
