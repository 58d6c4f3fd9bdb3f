import { type DmaFence } from '@dma-fence/core';

export function x(fence: DmaFence, done: DmaFence[]) {
  const own = fence.get();
  void own.wait().then(() => {
    done.push(own);
  });
}
