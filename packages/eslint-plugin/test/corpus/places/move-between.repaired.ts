import { type DmaFence } from '@dma-fence/core';

export class Q {
  readonly #a: DmaFence[] = [];
  readonly #b: DmaFence[] = [];
  add(f: DmaFence) {
    this.#a.push(f.get());
  }
  promote() {
    while (this.#a.length > 0) {
      const f = this.#a.shift()!;
      this.#b.push(f);
    }
  }
  close() {
    for (const f of [...this.#a, ...this.#b]) f.put();
    this.#a.length = 0;
    this.#b.length = 0;
  }
}
