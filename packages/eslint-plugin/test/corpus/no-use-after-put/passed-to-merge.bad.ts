// A fence that was put is merged with another one.
import { type DmaFence, mergeFences } from '@dma-fence/core';

export function combine(fence: DmaFence, other: DmaFence): DmaFence {
  const ref = fence.get();
  ref.put();
  // reports no-use-after-put
  return mergeFences([ref, other]);
}
