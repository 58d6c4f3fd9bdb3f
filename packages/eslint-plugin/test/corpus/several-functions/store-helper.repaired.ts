import { type DmaFence } from '@dma-fence/core';

export class S {
  #l: DmaFence[] = [];
  #keep(f: DmaFence) {
    this.#l.push(f);
  }
  add(g: DmaFence) {
    this.#keep(g.get());
  }
  end() {
    for (const f of this.#l) f.put();
    this.#l = [];
  }
}
