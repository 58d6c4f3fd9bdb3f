import type { SyncObject } from '@dma-fence/core';

export async function settled(obj: SyncObject): Promise<void> {
  using f = obj.fence();
  // reports no-use-after-put
  return f?.wait();
}
