import { type DmaFence } from '@dma-fence/core';

export class Cache {
  readonly #map = new Map<string, DmaFence>();
  set(k: string, f: DmaFence) {
    this.evict(k);
    this.#map.set(k, f.get());
  }
  evict(k: string) {
    const f = this.#map.get(k);
    if (f === undefined) return;
    // reports require-field-release
    this.#map.delete(k);
    f.setDeadline(0);
  }
  clear() {
    for (const f of this.#map.values()) f.put();
    this.#map.clear();
  }
}
