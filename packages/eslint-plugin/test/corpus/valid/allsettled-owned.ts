import type { DmaFence, SyncObject } from '@dma-fence/core';
export async function drain(slots: Iterable<SyncObject>): Promise<PromiseSettledResult<void>[]> {
  const held = new Set<DmaFence>();
  for (const slot of slots) {
    const f = slot.fence();
    if (f) held.add(f);
  }
  const results = await Promise.allSettled(Array.from(held, (f) => f.wait()));
  for (const f of held) f.put();
  held.clear();
  return results;
}
