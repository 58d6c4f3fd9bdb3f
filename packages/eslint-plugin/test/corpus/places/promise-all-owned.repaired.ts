import { type DmaFence, type Owned } from '@dma-fence/core';

declare function start(j: string): Promise<Owned<DmaFence>>;
export async function x(jobs: string[]) {
  const fences = await Promise.all(jobs.map((j) => start(j)));
  for (const f of fences) f.put();
}
