/** Stands in a layer for an entry that the ground below it still has. */
const gone: unique symbol = Symbol('gone');

/**
 * A map that costs nothing to clone, and little to write to afterwards: clones share a ground, and each writes to a
 * thin layer of its own. A layer that has grown thick becomes ground: with n entries a write costs √n at worst, so that
 * a function of thousands of fences does not copy all of them at each condition.
 */
export class SharedMap<K, V> {
  /** What clones have in common; never written to. */
  #ground: ReadonlyMap<K, V>;
  /** What has been written since; undefined as long as nothing was. */
  #layer: Map<K, V | typeof gone> | undefined;
  /** Another `SharedMap` looks at the layer too: whoever writes copies it first. */
  #isShared: boolean;
  #size: number;

  constructor(from?: SharedMap<K, V>) {
    if (from === undefined) {
      this.#ground = new Map();
      this.#layer = undefined;
      this.#isShared = false;
      this.#size = 0;
      return;
    }
    this.#ground = from.#ground;
    this.#layer = from.#layer;
    this.#size = from.#size;
    this.#isShared = true;
    from.#isShared = true;
  }

  get size(): number {
    return this.#size;
  }

  get(key: K): V | undefined {
    const written = this.#layer?.get(key);
    if (written === gone) return undefined;
    return written ?? this.#ground.get(key);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): void {
    if (!this.has(key)) this.#size += 1;
    this.#own().set(key, value);
  }

  delete(key: K): void {
    if (!this.has(key)) return;
    this.#size -= 1;
    const layer = this.#own();
    if (this.#ground.has(key)) layer.set(key, gone);
    else layer.delete(key);
  }

  *keys(): IterableIterator<K> {
    for (const [key] of this) yield key;
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this) yield value;
  }

  /** In the order in which keys came first; what is written meanwhile is seen, as in a `Map`. */
  *[Symbol.iterator](): IterableIterator<[K, V]> {
    const ground = this.#ground;
    const layer = this.#layer;
    for (const key of ground.keys()) {
      const value = this.get(key);
      if (value !== undefined) yield [key, value];
    }
    for (const key of layer?.keys() ?? []) {
      const value = ground.has(key) ? undefined : this.get(key);
      if (value !== undefined) yield [key, value];
    }
    // Copied meanwhile: what was added since stands in the copies.
    if (this.#ground === ground && this.#layer === layer) return;
    for (const key of new Set([...this.#ground.keys(), ...(this.#layer?.keys() ?? [])])) {
      const value = ground.has(key) || layer?.has(key) === true ? undefined : this.get(key);
      if (value !== undefined) yield [key, value];
    }
  }

  /** The keys under which two maps may differ: all but those of a ground that they have in common. */
  differing(other: SharedMap<K, V>): Iterable<K> {
    if (this.#ground !== other.#ground) return new Set([...this.keys(), ...other.keys()]);
    if (this.#layer === other.#layer) return [];
    return new Set([...(this.#layer?.keys() ?? []), ...(other.#layer?.keys() ?? [])]);
  }

  /** The layer to write to, nobody else's from now on. */
  #own(): Map<K, V | typeof gone> {
    let layer = this.#layer;
    if (layer === undefined) layer = new Map<K, V | typeof gone>();
    else if (this.#isShared && isThick(layer.size, this.#ground.size)) {
      this.#ground = new Map(this);
      layer = new Map<K, V | typeof gone>();
    } else if (this.#isShared) layer = new Map(layer);
    this.#layer = layer;
    this.#isShared = false;
    return layer;
  }
}

/** Where copying a layer at each clone would cost more than putting it under the next ones. */
function isThick(layer: number, ground: number): boolean {
  return layer * layer > ground + 64;
}
