import type { DmaFence } from '@dma-fence/core';
export function a(groups: readonly DmaFence[][]): void {
  const taken: DmaFence[][] = [];
  for (const g of groups) taken.push(g.map((f) => f.get()));
  for (const g of taken) for (const f of g) f.put();
}
