import { type DmaFence } from '@dma-fence/core';

export class Frames {
  readonly #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
    if (this.#list.length > 3) {
      const old = this.#list.shift();
      old?.put();
    }
  }
  drop() {
    for (const f of this.#list) f.put();
    this.#list.length = 0;
  }
}
