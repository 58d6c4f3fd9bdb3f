import type { DmaFence, SyncObject } from '@dma-fence/core';
interface Sync {
  fence?: DmaFence;
  flags: number;
}
export async function parse(list: SyncObject[], run: (s: Sync[]) => Promise<void>): Promise<void> {
  const syncs: Sync[] = [];
  try {
    for (const slot of list) {
      const sync: Sync = { flags: 0 };
      syncs.push(sync);
      sync.fence = slot.fence();
      if (!sync.fence) throw new Error('ENOENT');
    }
    await run(syncs);
  } finally {
    for (const { fence } of syncs) fence?.put();
  }
}
