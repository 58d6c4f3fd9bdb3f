import { type DmaFence } from '@dma-fence/core';

export interface Entry {
  fence: DmaFence;
  at: number;
}
export class Cache {
  readonly #map = new Map<string, Entry>();
  set(k: string, f: DmaFence) {
    this.drop(k);
    this.#map.set(k, { fence: f.get(), at: 1 });
  }
  age(k: string) {
    return this.#map.get(k)?.at ?? 0;
  }
  drop(k: string) {
    const old = this.#map.get(k);
    if (!old) return;
    old.fence.put();
    this.#map.delete(k);
  }
  trim(t: number) {
    for (const [k, e] of this.#map)
      if (e.at < t) {
        e.fence.put();
        this.#map.delete(k);
      }
  }
}
