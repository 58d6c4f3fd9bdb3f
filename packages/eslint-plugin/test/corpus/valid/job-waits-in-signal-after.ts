// Awaiting ordinary work is what signalAfter is for.
import type { DmaFenceContext } from '@dma-fence/core';

declare function step(): Promise<void>;

export async function run(context: DmaFenceContext): Promise<void> {
  using fence = context.createFence();
  await fence.signalAfter(async () => {
    await step();
  });
}
