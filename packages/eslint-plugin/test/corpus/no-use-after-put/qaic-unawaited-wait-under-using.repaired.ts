import type { SyncObject } from '@dma-fence/core';

export async function settled(obj: SyncObject): Promise<void> {
  using f = obj.fence();
  await f?.wait();
}
