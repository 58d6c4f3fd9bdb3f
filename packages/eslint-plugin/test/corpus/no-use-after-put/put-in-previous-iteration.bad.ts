// The reference is put at the end of the first round and used in the second.
import type { DmaFenceContext } from '@dma-fence/core';

export function repeat(context: DmaFenceContext, rounds: number): void {
  // reports no-fence-leak
  const fence = context.createFence();
  for (let round = 0; round < rounds; round += 1) {
    // reports no-use-after-put
    fence.setDeadline(round);
    // reports no-double-put
    fence.put();
  }
}
