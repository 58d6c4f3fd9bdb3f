// The function that runs when the fence has signaled takes a reference that nobody keeps until then.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export function watch(context: DmaFenceContext, done: DmaFence[]): void {
  const fence = context.createFence();
  // reports no-use-after-put
  void fence.wait().then(() => done.push(fence.get()));
  fence.put();
}
