import { type DmaFence } from '@dma-fence/core';

export class Cache {
  readonly #map = new Map<string, DmaFence>();
  set(k: string, f: DmaFence) {
    this.#map.get(k)?.put();
    this.#map.set(k, f.get());
  }
  get(k: string) {
    return this.#map.get(k);
  }
  evict(k: string) {
    // reports require-field-release
    this.#map.delete(k);
  }
  clear() {
    for (const f of this.#map.values()) f.put();
    this.#map.clear();
  }
}
