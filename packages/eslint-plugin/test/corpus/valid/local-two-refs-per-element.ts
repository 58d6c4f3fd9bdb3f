import type { DmaFence } from '@dma-fence/core';
export async function a(list: readonly { a: DmaFence; b: DmaFence }[]): Promise<void> {
  const jobs: { a: DmaFence; b: DmaFence }[] = [];
  for (const p of list) jobs.push({ a: p.a.get(), b: p.b.get() });
  for (const { a } of jobs) await a.wait();
  for (const { b } of jobs) await b.wait();
  for (const j of jobs) j.a.put();
  for (const j of jobs) j.b.put();
}
