// A reference that a promise brings is put once by the function that gets it.
import type { DmaFence, Owned } from '@dma-fence/core';

export function drop(promise: Promise<Owned<DmaFence>>): void {
  void promise.then((fence) => {
    fence.put();
  });
}
