// The continuation of a wait puts.
import type { DmaFence } from '@dma-fence/core';

export function waitInBackground(fence: DmaFence): void {
  const ref = fence.get();
  void ref.wait().finally(() => {
    ref.put();
  });
}
