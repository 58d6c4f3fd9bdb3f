import type { DmaFence } from '@dma-fence/core';
export function a(list: readonly DmaFence[]): { f: DmaFence; at: number }[] {
  const jobs: { f: DmaFence; at: number }[] = [];
  for (const f of list) jobs.push({ f: f.get(), at: 0 });
  jobs.sort((x, y) => x.at - y.at);
  for (const j of jobs) j.at = j.f.seqno;
  return jobs;
}
