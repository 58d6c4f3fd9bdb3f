// The job still holds the fence that is put here.
import type { DmaFence } from '@dma-fence/core';

interface Job {
  readonly id: number;
  readonly done: DmaFence;
}

export async function report(job: Job): Promise<number> {
  const fence = job.done.get();
  await fence.wait();
  const { seqno } = fence;
  fence.put();
  return seqno;
}
