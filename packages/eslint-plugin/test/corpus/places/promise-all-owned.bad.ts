import { type DmaFence, type Owned } from '@dma-fence/core';

declare function start(j: string): Promise<Owned<DmaFence>>;
export async function x(jobs: string[]) {
  // reports no-fence-leak
  const fences = await Promise.all(jobs.map((j) => start(j)));
  console.log(fences.length);
}
