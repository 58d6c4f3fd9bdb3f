import type { DmaFence, Owned } from '@dma-fence/core';
type Item = readonly [fence: Owned, run: () => void];
const queue: Item[] = [];
export function defer(fence: DmaFence, run: () => void): void {
  queue.push([fence.get(), run]);
}
export function flush(): void {
  for (const [fence, run] of queue.splice(0)) {
    if (fence.signaled) run();
    fence.put();
  }
}
