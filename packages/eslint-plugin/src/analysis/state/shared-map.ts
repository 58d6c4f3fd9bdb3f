interface Content<K, V> {
  readonly map: Map<K, V>;
  /** More than one `SharedMap` looks at it: whoever writes copies it first. */
  isShared: boolean;
  /** What `key` worked out, for all that share it. */
  key: string | undefined;
}

/**
 * A map that costs nothing to clone: clones share their content until one of them writes. Paths part at every
 * condition, and most of what they know stays the same.
 */
export class SharedMap<K, V> {
  #content: Content<K, V>;

  constructor(from?: SharedMap<K, V>) {
    if (from === undefined) this.#content = { map: new Map(), isShared: false, key: undefined };
    else {
      this.#content = from.#content;
      this.#content.isShared = true;
    }
  }

  get size(): number {
    return this.#content.map.size;
  }

  get(key: K): V | undefined {
    return this.#content.map.get(key);
  }

  has(key: K): boolean {
    return this.#content.map.has(key);
  }

  set(key: K, value: V): void {
    this.#own().set(key, value);
  }

  delete(key: K): void {
    if (this.#content.map.has(key)) this.#own().delete(key);
  }

  keys(): MapIterator<K> {
    return this.#content.map.keys();
  }

  values(): MapIterator<V> {
    return this.#content.map.values();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.#content.map[Symbol.iterator]();
  }

  /** A text under which equal contents meet, from one text an entry in any order; those without one are left out. */
  key(textOf: (key: K, value: V) => string | undefined): string {
    const content = this.#content;
    if (content.key === undefined) {
      const parts: string[] = [];
      for (const [key, value] of content.map) {
        const text = textOf(key, value);
        if (text !== undefined) parts.push(text);
      }
      content.key = parts.length > 1 ? parts.sort().join(';') : (parts[0] ?? '');
    }
    return content.key;
  }

  /** The map to write to, nobody else's from now on. */
  #own(): Map<K, V> {
    const content = this.#content;
    if (content.isShared) this.#content = { map: new Map(content.map), isShared: false, key: undefined };
    else content.key = undefined;
    return this.#content.map;
  }
}
