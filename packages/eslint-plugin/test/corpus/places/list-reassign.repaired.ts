import { type DmaFence } from '@dma-fence/core';

export class Frames {
  #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
  }
  flush() {
    for (const f of this.#list) f.put();
    this.#list = [];
  }
  drop() {
    for (const f of this.#list) f.put();
    this.#list.length = 0;
  }
}
