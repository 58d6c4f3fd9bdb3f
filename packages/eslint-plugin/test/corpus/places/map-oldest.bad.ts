import { type DmaFence } from '@dma-fence/core';

export class Cache {
  readonly #map = new Map<string, DmaFence>();
  set(k: string, f: DmaFence) {
    this.#map.get(k)?.put();
    this.#map.set(k, f.get());
    if (this.#map.size > 10) this.#evictOldest();
  }
  #evictOldest() {
    for (const [key, f] of this.#map) {
      // reports require-field-release
      this.#map.delete(key);
      break;
    }
  }
  [Symbol.dispose]() {
    for (const f of this.#map.values()) f.put();
    this.#map.clear();
  }
}
