import type { DmaFence } from '@dma-fence/core';
export function latest(list: readonly DmaFence[]): DmaFence | undefined {
  const best = list.reduce<DmaFence | undefined>(
    (a, b) => (a === undefined || b.isLaterThan(a) ? b : a),
    undefined,
  );
  return best?.get();
}
