import type { DmaFence, FenceTimeline } from '@dma-fence/core';
export class Cache {
  readonly #m = new Map<number, DmaFence>();
  constructor(private readonly tl: FenceTimeline) {}
  at(v: number): DmaFence {
    let f = this.#m.get(v);
    if (!f) {
      f = this.tl.fenceAt(v);
      this.#m.set(v, f);
    }
    return f.get();
  }
  close(): void {
    for (const f of this.#m.values()) f.put();
    this.#m.clear();
  }
}
