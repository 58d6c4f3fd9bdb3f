import type { DmaFence } from '@dma-fence/core';
export async function a(list: readonly DmaFence[]): Promise<void> {
  const jobs: { f: DmaFence }[] = [];
  for (const f of list) jobs.push({ f: f.get() });
  for (let i = 0; i < jobs.length; i++) jobs[i]!.f.put();
}
