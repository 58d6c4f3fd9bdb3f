import { type DmaFence } from '@dma-fence/core';

export class H {
  readonly #m = new Map<string, DmaFence>();
  set(k: string, f: DmaFence) {
    this.#m.get(k)?.put();
    this.#m.set(k, f.get());
  }
  prune() {
    for (const [k, f] of [...this.#m.entries()]) {
      if (!f.signaled) continue;
      this.#m.delete(k);
      f.put();
    }
  }
  end() {
    for (const [, f] of this.#m) f.put();
    this.#m.clear();
  }
}
