import type { DmaFence } from '@dma-fence/core';
export function nextFence(on: (cb: (f: DmaFence) => void) => void): Promise<DmaFence> {
  return new Promise((res) => {
    on((f) => res(f.get()));
  });
}
