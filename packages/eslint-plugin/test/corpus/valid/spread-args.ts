import { waitAll, type DmaFence, type SyncObject } from '@dma-fence/core';
export async function waitSlots(...slots: SyncObject[]): Promise<void> {
  const own: DmaFence[] = [];
  try {
    for (const s of slots) {
      const f = s.fence();
      if (f) own.push(f);
    }
    await waitAll(own);
  } finally {
    while (own.length > 0) own.pop()!.put();
  }
}
