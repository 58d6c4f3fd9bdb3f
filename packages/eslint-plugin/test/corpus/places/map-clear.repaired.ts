import { type DmaFence } from '@dma-fence/core';

export class Cache {
  readonly #map = new Map<string, DmaFence>();
  set(k: string, f: DmaFence) {
    this.evict(k);
    this.#map.set(k, f.get());
  }
  evict(k: string) {
    const f = this.#map.get(k);
    if (f) {
      f.put();
      this.#map.delete(k);
    }
  }
  clear() {
    for (const f of this.#map.values()) f.put();
    this.#map.clear();
  }
}
