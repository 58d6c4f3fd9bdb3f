import { DmaFenceContext, type DmaFence } from '@dma-fence/core';

interface Tile {
  readonly key: string;
  readonly ready: DmaFence;
  readonly bytes: number;
}

const decoder = new DmaFenceContext({ driverName: 'tiles', timelineName: 'decode' });

export class TileCache {
  readonly #tiles = new Map<string, Tile>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  async lookup(key: string): Promise<number> {
    const hit = this.#tiles.get(key);
    if (hit) {
      // Most recently used goes last.
      this.#tiles.delete(key);
      this.#tiles.set(key, hit);
      await hit.ready.wait();
      return hit.bytes;
    }
    const tile: Tile = { key, ready: decoder.run(() => Promise.resolve()), bytes: key.length * 16 };
    this.#makeRoom();
    this.#tiles.set(key, tile);
    await tile.ready.wait();
    return tile.bytes;
  }

  #makeRoom(): void {
    while (this.#tiles.size >= this.#capacity) {
      const [oldest] = this.#tiles.values();
      if (!oldest) return;
      this.#tiles.delete(oldest.key);
      oldest.ready.put();
    }
  }

  clear(): void {
    for (const tile of this.#tiles.values()) tile.ready.put();
    this.#tiles.clear();
  }
}
