import type { DmaFence } from '@dma-fence/core';
export async function a(list: readonly DmaFence[]): Promise<void> {
  const jobs: [DmaFence, number][] = [];
  for (const f of list) {
    if (f.signaled) jobs.push([f.get(), 0]);
    else jobs.push([f.get(), f.seqno]);
  }
  for (const job of jobs) job[0].put();
}
