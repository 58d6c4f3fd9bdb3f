// Labels, both kinds.
import type { DmaFence } from '@dma-fence/core';

export function scan(rows: readonly (readonly DmaFence[])[]): boolean {
  outer: for (const row of rows) {
    for (const fence of row) {
      using ref = fence.get();
      if (ref.signaled) continue outer;
      if (ref.status === 'failed') break outer;
    }
  }
  return true;
}
