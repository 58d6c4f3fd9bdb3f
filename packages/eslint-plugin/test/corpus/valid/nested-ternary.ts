import type { DmaFence, SyncObject } from '@dma-fence/core';
export const best = (a: SyncObject, b: DmaFence | null, deep: boolean): DmaFence | null =>
  deep ? (a.fence() ?? (b ? b.get() : null)) : b !== null ? b.get() : null;
