import type { DmaFence, SyncObject } from '@dma-fence/core';
export async function first(slots: SyncObject[]): Promise<number> {
  const controller = new AbortController();
  const fences: DmaFence[] = [];
  for (const slot of slots) {
    const f = slot.fence();
    if (f) fences.push(f);
  }
  try {
    return await Promise.any(
      fences.map(async (f, i) => {
        await f.wait({ signal: controller.signal });
        return i;
      }),
    );
  } finally {
    controller.abort();
    fences.forEach((f) => f.put());
  }
}
