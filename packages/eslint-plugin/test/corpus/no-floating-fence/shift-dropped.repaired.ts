import type { DmaFence } from '@dma-fence/core';
export function skipSignaled(queue: DmaFence[]): DmaFence | undefined {
  while (queue.length > 0 && queue[0]!.signaled) {
    queue.shift()!.put();
  }
  return queue[0]?.get();
}
