import type { SyncObject } from '@dma-fence/core';

export async function arrived(obj: SyncObject): Promise<boolean> {
  // reports no-misused-wait
  if (obj.wait({ timeoutMs: 0 })) return true;
  return false;
}
