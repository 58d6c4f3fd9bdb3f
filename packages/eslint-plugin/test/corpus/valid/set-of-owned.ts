import type { DmaFence } from '@dma-fence/core';
export class Pending {
  readonly #all = new Set<DmaFence>();
  add(f: DmaFence): void {
    if (this.#all.has(f)) return;
    this.#all.add(f.get());
  }
  sweep(): number {
    let n = 0;
    for (const f of this.#all) {
      if (!f.signaled) continue;
      this.#all.delete(f);
      f.put();
      n++;
    }
    return n;
  }
  [Symbol.dispose](): void {
    for (const f of [...this.#all]) f.put();
    this.#all.clear();
  }
}
