import { type DmaFence } from '@dma-fence/core';

export class Cache {
  readonly #map = new Map<string, DmaFence>();
  set(k: string, f: DmaFence) {
    const old = this.#map.get(k);
    // reports require-field-release
    this.#map.set(k, f.get());
    old?.setDeadline(0);
  }
  [Symbol.dispose]() {
    for (const f of this.#map.values()) f.put();
    this.#map.clear();
  }
}
