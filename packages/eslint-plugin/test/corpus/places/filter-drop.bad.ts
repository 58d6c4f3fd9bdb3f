import { type DmaFence } from '@dma-fence/core';

export class L {
  #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
  }
  prune() {
    const rest: DmaFence[] = [];
    for (const f of this.#list) {
      if (f.signaled) {
      } else rest.push(f);
    }
    // reports require-field-release
    this.#list = rest;
  }
  close() {
    for (const f of this.#list) f.put();
    this.#list = [];
  }
}
