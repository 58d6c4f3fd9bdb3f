// A fence that was put is merged with another one.
import { type DmaFence, mergeFences } from '@dma-fence/core';

export function combine(fence: DmaFence, other: DmaFence): DmaFence {
  const ref = fence.get();
  const merged = mergeFences([ref, other]);
  ref.put();
  return merged;
}
