import { type DmaFence } from '@dma-fence/core';

export interface Job {
  readonly fence: DmaFence;
  readonly run: () => void;
}
export class Q {
  readonly #jobs: Job[] = [];
  add(f: DmaFence, run: () => void) {
    this.#jobs.push({ fence: f.get(), run });
  }
  step(): boolean {
    const job = this.#jobs[0];
    if (job === undefined || !job.fence.signaled) return false;
    this.#jobs.shift();
    try {
      job.run();
    } finally {
      job.fence.put();
    }
    return true;
  }
  cancel() {
    for (const { fence } of this.#jobs) fence.put();
    this.#jobs.length = 0;
  }
}
