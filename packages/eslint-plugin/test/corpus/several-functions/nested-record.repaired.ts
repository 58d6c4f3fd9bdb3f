import { type DmaFence } from '@dma-fence/core';

export function x(g: DmaFence) {
  const job = { meta: { n: 1 }, fence: g.get() };
  console.log(job.meta.n);
  job.fence.put();
}
