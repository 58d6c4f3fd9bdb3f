// The promise is tested instead of the fence.
import type { DmaFence } from '@dma-fence/core';

export function isDone(fence: DmaFence): boolean {
  if (fence.poll()) return true;
  return false;
}
