import type { DmaFence, SyncObject } from '@dma-fence/core';
export async function submitAll(slots: SyncObject[], submit: (f: DmaFence) => Promise<void>): Promise<void> {
  const taken: DmaFence[] = [];
  try {
    for (let i = 0; i < slots.length; i++) {
      const f = slots[i]!.fence(i);
      if (!f) continue;
      taken.push(f);
      await submit(f);
    }
  } finally {
    for (let i = taken.length - 1; i >= 0; i--) taken[i]!.put();
  }
}
