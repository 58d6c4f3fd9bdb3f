import { DmaFenceContext, type DmaFence, type DriverFence } from '@dma-fence/core';

type Task = () => Promise<number>;

interface Job {
  readonly id: number;
  readonly fence: DriverFence<undefined>;
  result?: number;
}

export class WorkerPool {
  readonly #context = new DmaFenceContext({ driverName: 'pool', timelineName: 'jobs' });
  readonly #running = new Map<number, Job>();
  #nextId = 1;

  /** Starts a task; the caller gets a reference of their own. */
  start(task: Task): DmaFence {
    const job: Job = { id: this.#nextId++, fence: this.#context.createFence() };
    this.#running.set(job.id, job);
    task().then(
      (value) => {
        job.result = value;
        this.#finish(job);
      },
      () => {
        job.fence.fail('EIO');
        this.#finish(job);
      },
    );
    return job.fence.get();
  }

  #finish(job: Job): void {
    if (!this.#running.has(job.id)) return;
    job.fence.signal();
    job.fence.put();
  }

  get busy(): number {
    return this.#running.size;
  }

  shutdown(): void {
    for (const job of this.#running.values()) {
      job.fence.fail('ECANCELED');
      // reports no-double-put
      job.fence.put();
    }
    this.#running.clear();
  }
}
