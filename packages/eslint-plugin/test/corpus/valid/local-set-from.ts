import type { DmaFence } from '@dma-fence/core';
export function a(list: readonly DmaFence[]): void {
  const all = new Set(list.map((f) => f.get()));
  for (const f of all) f.put();
}
