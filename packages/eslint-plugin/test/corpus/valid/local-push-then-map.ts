import { waitAll, type DmaFence } from '@dma-fence/core';
export async function a(list: readonly DmaFence[]): Promise<void> {
  const jobs: { f: DmaFence; at: number }[] = [];
  for (const f of list) jobs.push({ f: f.get(), at: 0 });
  await waitAll(jobs.map((j) => j.f));
  jobs.forEach(({ f }) => f.put());
}
