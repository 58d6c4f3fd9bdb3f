import type { DmaFence } from '@dma-fence/core';
export function pokeLater(f: DmaFence, ms: number): void {
  setTimeout(() => {
    // reports require-get-on-store
    f.poll();
  }, ms);
}
