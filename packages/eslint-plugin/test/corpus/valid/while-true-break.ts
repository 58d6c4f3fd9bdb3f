import type { SyncObject } from '@dma-fence/core';
export async function poll(slot: SyncObject, sleep: () => Promise<void>): Promise<boolean> {
  while (true) {
    const f = slot.fence();
    if (!f) return false;
    const done = f.poll();
    f.put();
    if (done) break;
    await sleep();
  }
  return true;
}
