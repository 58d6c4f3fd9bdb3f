import type { DmaFence, SyncObject } from '@dma-fence/core';
export function latestOf(slots: readonly SyncObject[]): DmaFence | undefined {
  let best: DmaFence | undefined;
  for (const slot of slots) {
    const candidate = slot.fence();
    if (candidate === undefined) continue;
    if (best === undefined) best = candidate;
    else if (candidate.isLaterThan(best)) {
      best.put();
      best = candidate;
    } else candidate.put();
  }
  return best;
}
