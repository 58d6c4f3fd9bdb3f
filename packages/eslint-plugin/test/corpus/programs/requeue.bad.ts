import { DmaFenceContext, type DmaFence } from '@dma-fence/core';

interface Job {
  readonly url: string;
  readonly gate: DmaFence;
  tries: number;
}

type Fetch = (url: string, attempt: number) => boolean;

export class Crawler {
  readonly #fetch: Fetch;
  #jobs: Job[] = [];
  readonly visited: string[] = [];

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  /** Visits a page once `gate` is over; `gate` stays the caller's. */
  add(url: string, gate: DmaFence): void {
    this.#jobs.push({ url, gate: gate.get(), tries: 0 });
  }

  #requeue(job: Job): void {
    this.#jobs.push({ url: job.url, gate: job.gate.get(), tries: job.tries + 1 });
  }

  async run(maxTries: number): Promise<void> {
    // reports require-field-release
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
      await job.gate.wait().catch(() => {});
      let fetched = false;
      try {
        fetched = this.#fetch(job.url, job.tries);
      } catch (error) {
        console.log(job.url, error);
      }
      if (fetched) {
        this.visited.push(job.url);
        job.gate.put();
      } else if (job.tries + 1 < maxTries) {
        this.#requeue(job);
      } else {
        console.log(`giving up on ${job.url}`);
        job.gate.put();
      }
    }
  }

  stop(): void {
    for (const { gate } of this.#jobs) gate.put();
    this.#jobs = [];
  }
}
