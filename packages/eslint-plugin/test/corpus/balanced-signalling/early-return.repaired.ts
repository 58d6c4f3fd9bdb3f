// A section is left open by an early return.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function complete(fence: DriverFence, isBroken: boolean): void {
  const section = beginSignalling();
  if (isBroken) {
    fence.fail('EIO');
    section.end();
    return;
  }
  fence.signal();
  section.end();
}
