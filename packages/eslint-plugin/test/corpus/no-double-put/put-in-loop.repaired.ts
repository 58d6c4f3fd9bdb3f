// One reference is put once for every element, and not at all when there is none.
import type { DmaFenceContext } from '@dma-fence/core';

export function release(context: DmaFenceContext, waiters: readonly string[]): void {
  const fence = context.createFence();
  fence.signal();
  for (const waiter of waiters) console.log(waiter);
  fence.put();
}
