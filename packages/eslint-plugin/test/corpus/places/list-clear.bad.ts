import { type DmaFence } from '@dma-fence/core';

export class Frames {
  #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
  }
  flush() {
    // reports require-field-release
    this.#list.length = 0;
  }
  drop() {
    for (const f of this.#list) f.put();
    this.#list = [];
  }
}
