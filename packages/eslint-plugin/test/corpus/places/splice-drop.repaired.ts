import { type DmaFence } from '@dma-fence/core';

export class L {
  readonly #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
  }
  drop(n: number) {
    for (const f of this.#list.splice(0, n)) f.put();
  }
  close() {
    for (const f of this.#list) f.put();
    this.#list.length = 0;
  }
}
