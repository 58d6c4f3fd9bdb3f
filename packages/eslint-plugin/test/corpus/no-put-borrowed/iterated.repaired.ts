import { unwrapFences, type DmaFence } from '@dma-fence/core';
export function count(f: DmaFence): number {
  let n = 0;
  for (const leaf of unwrapFences(f)) if (!leaf.signaled) n++;
  return n;
}
