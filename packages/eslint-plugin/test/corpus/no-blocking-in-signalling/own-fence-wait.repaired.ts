import type { DmaFenceContext } from '@dma-fence/core';
export async function run(ctx: DmaFenceContext, work: () => Promise<void>): Promise<void> {
  using f = ctx.createFence();
  await f.signalAfter(async () => {
    await work();
  });
  await f.wait();
}
