import type { DmaFence } from '@dma-fence/core';
export class Index {
  readonly #m = new Map<number, DmaFence>();
  add(f: DmaFence): void {
    if (this.#m.has(f.seqno)) return;
    // reports require-get-on-store
    this.#m.set(f.seqno, f);
  }
  clear(): void {
    for (const f of this.#m.values()) f.put();
    this.#m.clear();
  }
}
