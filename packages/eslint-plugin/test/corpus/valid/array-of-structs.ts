import type { DmaFence, SyncObject } from '@dma-fence/core';
interface Sync {
  slot: SyncObject;
  fence?: DmaFence;
}
export function parse(list: SyncObject[]): Sync[] {
  const syncs: Sync[] = list.map((slot) => ({ slot }));
  try {
    for (const sync of syncs) {
      sync.fence = sync.slot.fence();
      if (!sync.fence) throw new Error('EINVAL');
    }
  } catch (e) {
    for (const sync of syncs) sync.fence?.put();
    throw e;
  }
  return syncs;
}
