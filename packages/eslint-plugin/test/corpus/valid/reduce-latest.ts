import type { DmaFence } from '@dma-fence/core';
export function latest(list: readonly DmaFence[]): DmaFence | undefined {
  let best: DmaFence | undefined;
  for (const f of list) {
    if (best === undefined || f.isLaterThan(best)) best = f;
  }
  return best?.get();
}
