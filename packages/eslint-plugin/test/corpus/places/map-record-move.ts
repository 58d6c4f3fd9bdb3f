import { type DmaFence } from '@dma-fence/core';

export interface E {
  fence: DmaFence;
  hits: number;
}
export class C {
  readonly #m = new Map<string, E>();
  readonly #old: E[] = [];
  put(k: string, f: DmaFence) {
    const e = this.#m.get(k);
    if (e) {
      e.hits++;
      this.#old.push(e);
    }
    this.#m.set(k, { fence: f.get(), hits: 0 });
  }
  trim() {
    for (const e of this.#old) e.fence.put();
    this.#old.length = 0;
  }
}
