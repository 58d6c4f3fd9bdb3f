import { type DmaFence } from '@dma-fence/core';

export function x(g: DmaFence) {
  // reports no-fence-leak
  const job = { meta: { n: 1 }, fence: g.get() };
  console.log(job.meta.n);
}
