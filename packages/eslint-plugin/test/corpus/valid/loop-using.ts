import type { SyncObject } from '@dma-fence/core';
export async function drain(slots: readonly SyncObject[]): Promise<number> {
  let n = 0;
  for (let i = 0; i < slots.length; i++) {
    using fence = slots[i]?.fence();
    if (!fence) continue;
    if (fence.signaled) break;
    await fence.wait();
    n++;
  }
  return n;
}
