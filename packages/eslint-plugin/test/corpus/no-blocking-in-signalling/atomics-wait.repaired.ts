// The signalling thread sleeps on a word of shared memory.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function finish(fence: DriverFence, word: Int32Array<SharedArrayBuffer>): void {
  Atomics.wait(word, 0, 0);
  using section = beginSignalling();
  fence.signal();
}
