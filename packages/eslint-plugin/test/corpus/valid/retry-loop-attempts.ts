import { FenceError, type DmaFence, type SyncObject } from '@dma-fence/core';
export async function waitRetry(slot: SyncObject, attempts = 3): Promise<boolean> {
  for (let attempt = 0; ; attempt++) {
    const fence: DmaFence | undefined = slot.fence();
    if (!fence) return false;
    try {
      await fence.wait({ timeoutMs: 10 * 2 ** attempt });
      return true;
    } catch (error) {
      if (!(error instanceof FenceError) || error.code !== 'ETIME' || attempt + 1 >= attempts) throw error;
    } finally {
      fence.put();
    }
  }
}
