import { type DmaFence } from '@dma-fence/core';

export class Cache {
  readonly #map = new Map<string, DmaFence>();
  set(k: string, f: DmaFence) {
    if (this.#map.has(k)) {
      this.drop(k);
    }
    this.#map.set(k, f.get());
  }
  drop(k: string) {
    const old = this.#map.get(k);
    if (old === undefined) return false;
    old.put();
    return this.#map.delete(k);
  }
}
