// A section only where somebody looks.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function finish(fence: DriverFence, isChecked: boolean): void {
  const section = isChecked ? beginSignalling() : undefined;
  fence.signal();
  section?.end();
}
