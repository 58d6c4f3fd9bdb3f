import { type DmaFence } from '@dma-fence/core';

export class A {
  readonly #q: DmaFence[] = [];
  #stop = false;
  push(f: DmaFence) {
    this.#q.push(f.get());
  }
  async run() {
    while (!this.#stop) {
      const f = this.#q.shift();
      if (f === undefined) {
        await Promise.resolve();
        continue;
      }
      try {
        await f.wait();
      } catch {
        /* reported elsewhere */
      } finally {
        f.put();
      }
    }
  }
  close() {
    this.#stop = true;
    for (const f of this.#q.splice(0)) f.put();
  }
}
