import type { DmaFence, SyncObject } from '@dma-fence/core';
export async function chase(slot: SyncObject): Promise<void> {
  let seen: DmaFence | undefined;
  for (;;) {
    const now = slot.fence();
    if (now === seen) {
      now?.put();
      break;
    }
    seen?.put();
    seen = now;
    await seen?.wait();
  }
  seen?.put();
}
