import { waitAll, type DmaFence } from '@dma-fence/core';

export class H {
  readonly #l: DmaFence[] = [];
  add(f: DmaFence) {
    this.#l.push(f.get());
  }
  async all() {
    const kept = this.#l.map((f) => f.get());
    try {
      await waitAll(kept);
    } finally {
      for (const f of kept) f.put();
    }
  }
  end() {
    for (const f of this.#l) f.put();
    this.#l.length = 0;
  }
}
