// A helper of the same file takes the lock.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

declare const word: Int32Array<SharedArrayBuffer>;
function sleep(): void {
  Atomics.wait(word, 0, 0, 10);
}

export function finish(fence: DriverFence): void {
  sleep();
  using section = beginSignalling();
  fence.signal();
}
