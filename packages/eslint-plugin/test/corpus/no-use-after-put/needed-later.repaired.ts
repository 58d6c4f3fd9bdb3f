// The function that runs when the fence has signaled gives away the reference that was kept for it.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export function watch(context: DmaFenceContext, done: DmaFence[]): void {
  const fence = context.createFence();
  void fence.wait().then(() => done.push(fence));
}
