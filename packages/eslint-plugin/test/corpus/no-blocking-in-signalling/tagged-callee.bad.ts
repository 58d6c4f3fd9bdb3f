// The callee says that it blocks.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

/** @blocks */
declare function takeMutex(): void;

export function finish(fence: DriverFence): void {
  using section = beginSignalling();
  // reports no-blocking-in-signalling
  takeMutex();
  fence.signal();
}
