// A function whose work it is to free a job puts what the job holds.
import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

interface Job {
  readonly done: DriverFence;
  readonly dependencies: readonly DmaFence[];
}

export function makeJob(context: DmaFenceContext, dependencies: readonly DmaFence[]): Job {
  return { done: context.createFence(), dependencies: dependencies.map((fence) => fence.get()) };
}

export function freeJob(job: Job): void {
  job.done.put();
  for (const fence of job.dependencies) fence.put();
}
