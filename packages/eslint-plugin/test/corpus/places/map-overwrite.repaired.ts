import { type DmaFence } from '@dma-fence/core';

export class Cache {
  readonly #map = new Map<string, DmaFence>();
  set(k: string, f: DmaFence) {
    const old = this.#map.get(k);
    this.#map.set(k, f.get());
    old?.put();
  }
  [Symbol.dispose]() {
    for (const f of this.#map.values()) f.put();
    this.#map.clear();
  }
}
