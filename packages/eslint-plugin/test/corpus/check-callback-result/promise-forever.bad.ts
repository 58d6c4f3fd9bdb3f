import type { DmaFence } from '@dma-fence/core';
export const done = (f: DmaFence): Promise<void> =>
  new Promise((resolve) => {
    // reports check-callback-result
    f.addCallback(() => resolve());
  });
