import type { DmaFence, SyncObject } from '@dma-fence/core';
export function acquire(slot: SyncObject): [DmaFence, null] | [null, Error] {
  const fence = slot.fence();
  if (fence === undefined) return [null, new Error('ENOENT')];
  return [fence, null];
}
export async function use(slot: SyncObject): Promise<Error | null> {
  const [fence, error] = acquire(slot);
  if (error !== null) return error;
  await fence.wait().catch(() => undefined);
  fence.put();
  return null;
}
