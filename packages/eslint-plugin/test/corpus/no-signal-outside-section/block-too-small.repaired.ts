// The block that scopes the section ends before the signal.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

declare function writeBack(): void;

export function finish(fence: DriverFence): void {
  {
    using section = beginSignalling();
    writeBack();
    fence.signal();
  }
}
