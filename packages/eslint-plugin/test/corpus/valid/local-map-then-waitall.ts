import { waitAll, type DmaFence } from '@dma-fence/core';
export async function a(list: readonly DmaFence[]): Promise<void> {
  const jobs = list.map((f) => ({ f: f.get(), at: 1 }));
  await waitAll(jobs.map((j) => j.f));
  for (const { f } of jobs) f.put();
}
