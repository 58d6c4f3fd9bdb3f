import type { DmaFence, SyncObject } from '@dma-fence/core';
export async function withFence<R>(
  slot: SyncObject,
  body: (fence: DmaFence) => R | Promise<R>,
): Promise<R | undefined> {
  const fence = slot.fence();
  if (fence === undefined) return undefined;
  try {
    return await body(fence);
  } finally {
    fence.put();
  }
}
export const seqnoOf = (slot: SyncObject): Promise<number | undefined> => withFence(slot, (f) => f.seqno);
