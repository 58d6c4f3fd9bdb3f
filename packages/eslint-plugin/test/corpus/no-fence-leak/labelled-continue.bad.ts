// A labelled continue leaves the inner and the outer body at once.
import type { DmaFence } from '@dma-fence/core';

export function scan(rows: readonly (readonly DmaFence[])[]): number {
  let count = 0;
  rows: for (const row of rows) {
    for (const fence of row) {
      // reports no-fence-leak
      const ref = fence.get();
      if (ref.status === 'failed') {
        continue rows;
      }
      count += 1;
      ref.put();
    }
  }
  return count;
}
