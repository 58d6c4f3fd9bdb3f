import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
export function start(
  ctx: DmaFenceContext,
  work: () => Promise<number>,
  report: (n: number) => void,
): DmaFence {
  const fence = ctx.createFence();
  const mine = fence.get();
  mine
    .signalAfter(work)
    .then(report, () => report(-1))
    .finally(() => mine.put());
  return fence;
}
