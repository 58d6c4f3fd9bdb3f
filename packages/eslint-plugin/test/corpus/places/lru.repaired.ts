import { type DmaFence } from '@dma-fence/core';

export class Lru {
  readonly #map = new Map<number, { fence: DmaFence; used: number }>();
  #clock = 0;
  touch(id: number, f: DmaFence) {
    const e = this.#map.get(id);
    if (e) {
      e.used = this.#clock++;
      return;
    }
    if (this.#map.size >= 8) this.#evict();
    this.#map.set(id, { fence: f.get(), used: this.#clock++ });
  }
  #evict() {
    let oldest: number | undefined;
    let age = Infinity;
    for (const [id, e] of this.#map)
      if (e.used < age) {
        oldest = id;
        age = e.used;
      }
    if (oldest === undefined) return;
    const e = this.#map.get(oldest);
    e?.fence.put();
    this.#map.delete(oldest);
  }
  dispose() {
    for (const e of this.#map.values()) e.fence.put();
    this.#map.clear();
  }
}
