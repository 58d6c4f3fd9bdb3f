/** What a heap keeps in order. */
export interface Heaped {
  /** Where it stands, kept by the heap; below 0 when it is in none. */
  place: number;
}

/** Keeps the first of many at hand; adding one and removing any one costs the logarithm of how many there are. */
export class Heap<T extends Heaped> {
  readonly #items: T[] = [];
  readonly #precedes: (one: T, other: T) => boolean;

  constructor(precedes: (one: T, other: T) => boolean) {
    this.#precedes = precedes;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  /** Takes one out, if it is there. */
  remove(item: T): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.#items.pop() as T;
    if (last === item) return;
    this.#sink(last, place);
    this.#rise(last, last.place);
  }

  /** Takes all out, in no order. */
  clear(): T[] {
    const items = this.#items.splice(0);
    for (const item of items) item.place = -1;
    return items;
  }

  #rise(item: T, from: number): void {
    const items = this.#items;
    let place = from;
    while (place > 0) {
      const above = items[(place - 1) >>> 1] as T;
      if (!this.#precedes(item, above)) break;
      this.#put(above, place);
      place = (place - 1) >>> 1;
    }
    this.#put(item, place);
  }

  #sink(item: T, from: number): void {
    const items = this.#items;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      const right = items[below + 1];
      if (right !== undefined && this.#precedes(right, items[below] as T)) below++;
      const next = items[below];
      if (next === undefined || !this.#precedes(next, item)) break;
      this.#put(next, place);
      place = below;
    }
    this.#put(item, place);
  }

  #put(item: T, place: number): void {
    this.#items[place] = item;
    item.place = place;
  }
}
