import { type DmaFence } from '@dma-fence/core';

export class S {
  #l: DmaFence[] = [];
  #keep(f: DmaFence) {
    this.#l.push(f);
  }
  add(g: DmaFence) {
    const f = g.get();
    this.#keep(f);
    // reports no-double-put
    f.put();
  }
  end() {
    for (const f of this.#l) f.put();
    this.#l = [];
  }
}
