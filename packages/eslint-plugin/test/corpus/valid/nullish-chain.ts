import type { DmaFence, SyncObject } from '@dma-fence/core';
export function pick(a: SyncObject, b: SyncObject | undefined, fallback: DmaFence): DmaFence {
  return a.fence() ?? b?.fence() ?? fallback.get();
}
