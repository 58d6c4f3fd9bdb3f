import type { DmaFence, SyncObject } from '@dma-fence/core';
interface Sync {
  fence: DmaFence | undefined;
  flags: number;
}
export function parse(list: SyncObject[]): void {
  const syncs: Sync[] = [];
  for (const slot of list) {
    const sync: Sync = { fence: slot.fence(), flags: 0 };
    syncs.push(sync);
    if (sync.fence?.signaled) sync.flags |= 1;
  }
  for (const s of syncs) s.fence?.put();
}
