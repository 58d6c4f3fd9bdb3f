// A callback that did not run gives its reference back.
import { type DmaFence, FenceCallback } from '@dma-fence/core';

export function cancel(fence: DmaFence): boolean {
  const ref = fence.get();
  const record = new FenceCallback(() => {
    ref.put();
  });
  if (!fence.addCallback(record)) {
    ref.put();
    return false;
  }
  if (fence.removeCallback(record)) ref.put();
  return true;
}
