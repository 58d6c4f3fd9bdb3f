import { type DmaFence } from '@dma-fence/core';

export class L {
  #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
  }
  sweep() {
    const done = this.#list.filter((f) => f.signaled);
    this.#list = this.#list.filter((f) => !f.signaled);
    for (const f of done) f.put();
  }
  close() {
    this.#list.forEach((f) => f.put());
    this.#list = [];
  }
}
