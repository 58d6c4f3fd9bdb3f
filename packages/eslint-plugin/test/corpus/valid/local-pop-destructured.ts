import type { DmaFence } from '@dma-fence/core';
export async function a(list: readonly DmaFence[]): Promise<void> {
  const jobs: { f: DmaFence }[] = [];
  for (const f of list) jobs.push({ f: f.get() });
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    const { f } = job;
    f.put();
  }
}
