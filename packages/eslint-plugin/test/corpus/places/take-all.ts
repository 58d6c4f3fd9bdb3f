import { waitAll, type DmaFence } from '@dma-fence/core';

export class T {
  #all: DmaFence[] = [];
  add(f: DmaFence) {
    this.#all.push(f.get());
  }
  async flush() {
    const all = this.#all;
    this.#all = [];
    try {
      await waitAll(all);
    } finally {
      for (const f of all) f.put();
    }
  }
}
