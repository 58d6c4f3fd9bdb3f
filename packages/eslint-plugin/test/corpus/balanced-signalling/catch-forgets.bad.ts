// The catch of a failing completion returns with the section open.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

declare function readBack(): number;

export function finish(fence: DriverFence): number {
  // reports balanced-signalling
  const section = beginSignalling();
  try {
    const value = readBack();
    fence.signal();
    section.end();
    return value;
  } catch {
    fence.fail('EIO');
    return -1;
  }
}
