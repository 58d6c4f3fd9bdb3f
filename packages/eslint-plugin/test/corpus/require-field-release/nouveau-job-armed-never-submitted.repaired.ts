// nouveau_sched: a job's done fence, created at submission and given up by state.
import { DmaFenceContext, type DmaFence, type DriverFence } from '@dma-fence/core';

type JobState = 'initialized' | 'armed' | 'submitted' | 'failed' | 'done';

export class NouveauJob {
  state: JobState = 'initialized';
  #done: DriverFence | undefined;

  arm(context: DmaFenceContext): DmaFence {
    if (this.#done) throw new Error('armed already');
    this.#done = context.createFence();
    this.state = 'armed';
    return this.#done.get();
  }

  finish(): void {
    switch (this.state) {
      case 'initialized':
      case 'failed':
        break;
      case 'armed':
        this.#done?.fail('ECANCELED');
        this.#done?.put();
        this.#done = undefined;
        break;
      case 'submitted':
        this.#done?.signal();
        this.#done?.put();
        this.#done = undefined;
        this.state = 'done';
        break;
      case 'done':
        return;
    }
  }

  fail(): void {
    const fence = this.#done;
    this.#done = undefined;
    this.state = 'failed';
    fence?.fail('EIO');
    fence?.put();
  }
}
