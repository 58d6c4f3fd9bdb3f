import type { SyncObject } from '@dma-fence/core';
export async function waitFence(q: SyncObject, ms: number): Promise<boolean> {
  const fence = q.fence();
  if (!fence) return false;
  try {
    await fence.wait({ timeoutMs: ms });
    fence.put();
  } catch (e) {
    console.warn('interrupted', e);
    fence.put();
    return false;
  } finally {
    // reports no-double-put
    fence.put();
  }
  return true;
}
