// A callback starts to wait for another fence.
import type { DmaFence } from '@dma-fence/core';

export function chain(first: DmaFence, second: DmaFence): boolean {
  return first.addCallback(() => {
    // reports no-blocking-callback require-get-on-store
    void second.wait();
  });
}
