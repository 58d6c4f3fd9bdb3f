import type { DmaFence } from '@dma-fence/core';
export const onSignal = (fence: DmaFence, cb: () => void): void => {
  fence.addCallback(cb) || cb();
};
