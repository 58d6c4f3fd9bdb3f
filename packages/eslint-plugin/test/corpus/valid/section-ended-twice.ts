// A second end of one guard is harmless.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function finish(fence: DriverFence): void {
  const section = beginSignalling();
  try {
    fence.signal();
    section.end();
  } finally {
    section.end();
  }
}
