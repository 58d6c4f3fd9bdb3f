import type { DmaFence } from '@dma-fence/core';

declare function nextTick(): Promise<void>;

export async function pollAll(source: () => DmaFence | undefined, limit: number): Promise<number> {
  let count = 0;
  let fence = source();
  while (fence !== undefined && count < limit) {
    let rounds = 0;
    do {
      if (fence.poll()) break;
      rounds += 1;
      await nextTick();
    } while (rounds < 10);
    if (rounds === 10) {
      fence.put();
      return -1;
    }
    count += 1;
    fence.put();
    fence = source();
  }
  fence?.put();
  return count;
}
