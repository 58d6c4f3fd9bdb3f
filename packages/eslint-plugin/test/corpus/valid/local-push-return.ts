import type { DmaFence } from '@dma-fence/core';
export function a(list: readonly DmaFence[]): { f: DmaFence; at: number }[] {
  const jobs: { f: DmaFence; at: number }[] = [];
  for (const f of list) jobs.push({ f: f.get(), at: 0 });
  return jobs;
}
