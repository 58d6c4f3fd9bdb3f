import { type DmaFence } from '@dma-fence/core';

export class Cache {
  readonly #map = new Map<string, DmaFence>();
  set(k: string, f: DmaFence) {
    this.#map.get(k)?.put();
    this.#map.set(k, f.get());
    if (this.#map.size > 10) this.#evictOldest();
  }
  #evictOldest() {
    const key = this.#map.keys().next().value;
    if (key === undefined) return;
    // reports require-field-release
    this.#map.delete(key);
  }
  [Symbol.dispose]() {
    for (const f of this.#map.values()) f.put();
    this.#map.clear();
  }
}
