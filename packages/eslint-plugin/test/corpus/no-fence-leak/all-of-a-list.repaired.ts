// All results of a list of promises are counted, and all are put.
import type { DmaFence } from '@dma-fence/core';

declare function start(job: string): Promise<DmaFence>;

export async function count(jobs: readonly string[]): Promise<number> {
  const fences = await Promise.all(jobs.map((job) => start(job)));
  for (const fence of fences) fence.put();
  return fences.length;
}
