import { type DmaFence } from '@dma-fence/core';

export class Frames {
  readonly #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
    // reports no-floating-fence require-field-release
    if (this.#list.length > 3) this.#list.shift();
  }
  drop() {
    for (const f of this.#list) f.put();
    this.#list.length = 0;
  }
}
