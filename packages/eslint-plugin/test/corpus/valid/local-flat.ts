import type { DmaFence } from '@dma-fence/core';
export function a(groups: readonly DmaFence[][]): void {
  const taken = groups.map((g) => g.map((f) => f.get()));
  for (const f of taken.flat()) f.put();
}
