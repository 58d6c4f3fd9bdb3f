import type { SyncObject } from '@dma-fence/core';
export async function waitFence(q: SyncObject, ms: number): Promise<boolean> {
  const fence = q.fence();
  if (!fence) return false;
  try {
    await fence.wait({ timeoutMs: ms });
  } catch (e) {
    console.warn('interrupted', e);
    return false;
  } finally {
    fence.put();
  }
  return true;
}
