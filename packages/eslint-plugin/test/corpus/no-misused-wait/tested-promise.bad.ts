// The promise is tested instead of the fence.
import type { DmaFence } from '@dma-fence/core';

export function isDone(fence: DmaFence): boolean {
  // reports no-misused-wait
  if (fence.wait({ timeoutMs: 0 })) return true;
  return false;
}
