// The error path puts the fence and then runs into the common put.
import type { DmaFence } from '@dma-fence/core';

declare function map(fence: DmaFence): boolean;

export function bind(fence: DmaFence): boolean {
  const ref = fence.get();
  const isMapped = map(ref);
  if (!isMapped) console.warn('not mapped', ref.name);
  ref.put();
  return isMapped;
}
