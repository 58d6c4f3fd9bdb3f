import type { DmaFence } from '@dma-fence/core';
export function pokeLater(f: DmaFence, ms: number): void {
  const ref = f.get();
  setTimeout(() => {
    ref.poll();
    ref.put();
  }, ms);
}
