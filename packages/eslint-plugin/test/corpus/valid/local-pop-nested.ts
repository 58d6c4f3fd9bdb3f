import type { DmaFence } from '@dma-fence/core';
export async function a(list: readonly DmaFence[]): Promise<void> {
  const jobs: { f: DmaFence }[] = [];
  for (const f of list) jobs.push({ f: f.get() });
  while (jobs.length) {
    const j = jobs.pop()!;
    await j.f.wait();
    j.f.put();
  }
}
