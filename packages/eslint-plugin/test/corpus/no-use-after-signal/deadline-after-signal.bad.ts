// Whoever listened may have dropped the job and its fence by the time the hint is given.
import type { DriverFence } from '@dma-fence/core';

interface Job {
  readonly done: DriverFence;
  readonly next: Job | undefined;
}

export function complete(job: Job, deadline: number): void {
  const done = job.done;
  done.signal();
  // reports no-use-after-signal
  done.setDeadline(deadline);
}
