import { type DmaFence } from '@dma-fence/core';

export class M {
  readonly #m = new Map<string, Set<DmaFence>>();
  add(k: string, f: DmaFence) {
    const s = this.#m.get(k) ?? new Set<DmaFence>();
    s.add(f.get());
    this.#m.set(k, s);
  }
  drop(k: string) {
    const s = this.#m.get(k);
    if (s === undefined) return;
    for (const f of s) f.put();
    this.#m.delete(k);
  }
}
