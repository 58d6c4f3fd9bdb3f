import { unwrapFences, type DmaFence } from '@dma-fence/core';
export function* leaves(f: DmaFence): Generator<DmaFence> {
  for (const leaf of unwrapFences(f)) yield leaf.get();
}
