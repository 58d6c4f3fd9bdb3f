// The section is ended under a condition it did not begin under.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function finish(fence: DriverFence, isTraced: boolean): void {
  const section = beginSignalling();
  fence.signal();
  if (isTraced) console.log(fence.name);
  section.end();
}
