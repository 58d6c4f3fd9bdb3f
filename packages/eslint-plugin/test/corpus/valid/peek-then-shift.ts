import type { DmaFence } from '@dma-fence/core';
export function retire(queue: DmaFence[]): number {
  let n = 0;
  for (;;) {
    const first = queue.at(0);
    if (!first?.poll()) return n;
    queue.shift();
    first.put();
    n++;
  }
}
