// The section is ended under a condition it did not begin under.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function finish(fence: DriverFence, isTraced: boolean): void {
  // reports balanced-signalling
  const section = beginSignalling();
  fence.signal();
  if (isTraced) section.end();
}
