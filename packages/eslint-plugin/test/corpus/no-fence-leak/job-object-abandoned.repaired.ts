// A job that holds its fence is built and then abandoned when the hardware refuses it.
import type { DmaFenceContext, DriverFence } from '@dma-fence/core';

interface Job {
  readonly id: number;
  readonly done: DriverFence;
}
declare function isAlive(): boolean;
const queue: Job[] = [];

export function makeJob(context: DmaFenceContext, id: number): boolean {
  const job: Job = { id, done: context.createFence() };
  if (!isAlive()) {
    job.done.fail('ENODEV');
    job.done.put();
    return false;
  }
  queue.push(job);
  return true;
}
