// All results of a list of promises are counted, and none is put.
import type { DmaFence } from '@dma-fence/core';

declare function start(job: string): Promise<DmaFence>;

export async function count(jobs: readonly string[]): Promise<number> {
  // reports no-fence-leak
  const fences = await Promise.all(jobs.map((job) => start(job)));
  return fences.length;
}
