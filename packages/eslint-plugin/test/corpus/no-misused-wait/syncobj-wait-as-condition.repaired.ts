import type { SyncObject } from '@dma-fence/core';

export async function arrived(obj: SyncObject): Promise<boolean> {
  try {
    await obj.wait({ timeoutMs: 0 });
    return true;
  } catch {
    return false;
  }
}
