import { FenceCallback, type DriverFence } from '@dma-fence/core';

interface Job {
  hw: DriverFence;
  done: FenceCallback;
}
declare function finish(job: Job): void;
declare function dump(job: Job): Promise<void>;

export async function timedOut(job: Job): Promise<void> {
  // reports no-fence-leak
  const hw = job.hw.get();
  if (!hw.removeCallback(job.done)) {
    return;
  }
  await dump(job);
  if (!hw.addCallback(job.done)) finish(job);
  hw.put();
}
