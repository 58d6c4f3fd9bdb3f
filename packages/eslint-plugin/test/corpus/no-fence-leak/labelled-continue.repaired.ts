// A labelled continue leaves the inner and the outer body at once.
import type { DmaFence } from '@dma-fence/core';

export function scan(rows: readonly (readonly DmaFence[])[]): number {
  let count = 0;
  rows: for (const row of rows) {
    for (const fence of row) {
      const ref = fence.get();
      if (ref.status === 'failed') {
        ref.put();
        continue rows;
      }
      count += 1;
      ref.put();
    }
  }
  return count;
}
