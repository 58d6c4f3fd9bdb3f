// A fence is copied from one job to another one; both will put it.
import type { DmaFence } from '@dma-fence/core';

interface Job {
  done: DmaFence;
}

export function inherit(from: Job, to: Job): void {
  to.done.put();
  // reports require-get-on-store
  to.done = from.done;
}
