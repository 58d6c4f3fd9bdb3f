import { type DmaFence } from '@dma-fence/core';

export class H {
  readonly #l: DmaFence[] = [];
  add(f: DmaFence) {
    this.#l.push(f.get());
  }
  sweep() {
    for (let i = this.#l.length - 1; i >= 0; i--) {
      const f = this.#l[i]!;
      if (!f.signaled) continue;
      this.#l.splice(i, 1);
      f.put();
    }
  }
  end() {
    while (this.#l.length) this.#l.pop()!.put();
  }
}
