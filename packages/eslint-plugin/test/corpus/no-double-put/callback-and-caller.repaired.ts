// The callback puts the reference when it runs, and the caller puts it right away too.
import type { DmaFence } from '@dma-fence/core';

export function arm(fence: DmaFence): void {
  const ref = fence.get();
  if (!ref.addCallback(() => ref.put())) {
    console.log('late');
    ref.put();
  }
}
