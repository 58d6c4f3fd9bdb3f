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
  cancel() {
    // reports require-field-release
    this.#jobs.length = 0;
  }
  run() {
    const j = this.#jobs.shift();
    if (!j) return;
    console.log(j.name);
    j.fence.put();
  }
}
