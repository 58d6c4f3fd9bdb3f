import { type DmaFence } from '@dma-fence/core';

export class L {
  readonly #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
  }
  drop(n: number) {
    // reports require-field-release
    this.#list.splice(0, n);
  }
  close() {
    for (const f of this.#list) f.put();
    this.#list.length = 0;
  }
}
