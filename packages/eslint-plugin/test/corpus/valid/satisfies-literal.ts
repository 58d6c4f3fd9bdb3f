import type { DmaFence } from '@dma-fence/core';
interface Job {
  readonly id: number;
  readonly done: DmaFence;
}
let nextId = 0;
export function makeJob(done: DmaFence): Job {
  return { id: nextId++, done: done.get() } satisfies Job;
}
export function freeJob(job: Job): void {
  job.done.put();
}
