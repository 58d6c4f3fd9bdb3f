import type { DmaFence } from '@dma-fence/core';
export class Lru {
  readonly #map = new Map<string, DmaFence>();
  constructor(private readonly limit: number) {}
  touch(key: string, fence: DmaFence): void {
    const known = this.#map.get(key);
    if (known) {
      this.#map.delete(key);
      known.put();
    }
    this.#map.set(key, fence.get());
    while (this.#map.size > this.limit) {
      const [oldest] = this.#map.keys();
      if (oldest === undefined) break;
      this.#map.get(oldest)!.put();
      this.#map.delete(oldest);
    }
  }
  get(key: string): DmaFence | undefined {
    return this.#map.get(key)?.get();
  }
  [Symbol.dispose](): void {
    for (const f of this.#map.values()) f.put();
    this.#map.clear();
  }
}
