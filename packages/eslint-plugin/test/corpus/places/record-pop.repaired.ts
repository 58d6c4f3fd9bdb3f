import { type DmaFence } from '@dma-fence/core';

export interface Job {
  fence: DmaFence;
  name: string;
}
class Q {
  readonly #jobs: Job[] = [];
  add(f: DmaFence, name: string) {
    this.#jobs.push({ fence: f.get(), name });
  }
  run() {
    const j = this.#jobs.shift();
    if (!j) return;
    console.log(j.name);
    j.fence.put();
  }
  stop() {
    for (const j of this.#jobs) j.fence.put();
    this.#jobs.length = 0;
  }
}
