import type { DmaFence } from '@dma-fence/core';
export function pollEvery(fence: DmaFence, ms: number, done: () => void): () => void {
  const ref = fence.get();
  const stop = (): void => {
    clearInterval(id);
    ref.put();
  };
  const id = setInterval(() => {
    if (!ref.poll()) return;
    stop();
    done();
  }, ms);
  return stop;
}
