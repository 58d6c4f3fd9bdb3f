// The section is over before the signal it was for.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

declare function writeBack(): void;

export function finish(fence: DriverFence): void {
  const section = beginSignalling();
  writeBack();
  fence.signal();
  section.end();
}
