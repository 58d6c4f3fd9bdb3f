import type { DmaFence } from '@dma-fence/core';
export async function a(list: readonly DmaFence[]): Promise<void> {
  const jobs: [DmaFence, number][] = [];
  for (const f of list) jobs.push([f.get(), f.seqno]);
  for (const [f, n] of jobs) await f.wait({ timeoutMs: n });
  for (const [f] of jobs) f.put();
}
