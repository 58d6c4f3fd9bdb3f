// The section is over before the signal it was for.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

declare function writeBack(): void;

export function finish(fence: DriverFence): void {
  const section = beginSignalling();
  writeBack();
  section.end();
  // reports no-signal-outside-section
  fence.signal();
}
