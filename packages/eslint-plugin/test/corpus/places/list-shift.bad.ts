import { type DmaFence } from '@dma-fence/core';

export class Frames {
  readonly #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
    if (this.#list.length > 3) {
      // reports no-fence-leak
      const old = this.#list.shift();
      if (old?.signaled) console.log('late');
    }
  }
  drop() {
    for (const f of this.#list) f.put();
    this.#list.length = 0;
  }
}
