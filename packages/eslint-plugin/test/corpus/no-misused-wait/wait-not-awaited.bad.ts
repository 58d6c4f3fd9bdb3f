import { waitAll, type DmaFence } from '@dma-fence/core';
export async function flush(fences: DmaFence[], unmap: () => void): Promise<void> {
  // reports no-misused-wait
  waitAll(fences, { timeoutMs: 100 });
  unmap();
}
