// The reference is put at the end of the first round and used in the second.
import type { DmaFenceContext } from '@dma-fence/core';

export function repeat(context: DmaFenceContext, rounds: number): void {
  const fence = context.createFence();
  for (let round = 0; round < rounds; round += 1) {
    fence.setDeadline(round);
  }
  fence.put();
}
