import { FenceError, type SyncObject } from '@dma-fence/core';
export async function settle(slot: SyncObject): Promise<void> {
  let tries = 0;
  while (tries++ < 3) {
    // reports no-fence-leak
    const fence = slot.fence();
    if (!fence) return;
    try {
      await fence.wait({ timeoutMs: 5 });
    } catch (e) {
      if (e instanceof FenceError && e.code === 'ETIME') continue;
      fence.put();
      throw e;
    }
    fence.put();
    return;
  }
}
