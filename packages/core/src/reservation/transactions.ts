import { isOlder, type AcquireContext } from './acquire-context.js';

/** Something that belongs to a transaction. */
export interface OfTransaction {
  readonly acquire: AcquireContext | undefined;
}

/**
 * What transactions wait for in one queue, the oldest first.
 *
 * They come nearly always with rising ages, and leave from the front: so this is an array with a moving head.
 */
export class Transactions<R extends OfTransaction> {
  #sorted: R[] = [];
  #head = 0;

  get oldest(): R | undefined {
    return this.#sorted[this.#head];
  }

  /** Adds a request, and returns the next younger one. */
  add(request: R): R | undefined {
    const place = this.#placeOf(request);
    this.#sorted.splice(place, 0, request);
    return this.#sorted[place + 1];
  }

  /** Takes a request out that is there. */
  remove(request: R): void {
    const place = this.#placeOf(request);
    if (place > this.#head) {
      this.#sorted.splice(place, 1);
      return;
    }
    this.#head++;
    if (this.#head * 2 < this.#sorted.length) return;
    this.#sorted = this.#sorted.slice(this.#head);
    this.#head = 0;
  }

  /** Where a request stands, or would. */
  #placeOf({ acquire }: R): number {
    let low = this.#head;
    let high = this.#sorted.length;
    // Nearly always it is the youngest, or the oldest.
    if (low < high && isOlder(this.#sorted[high - 1]?.acquire, acquire)) return high;
    if (low < high && !isOlder(this.#sorted[low]?.acquire, acquire)) return low;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isOlder(this.#sorted[middle]?.acquire, acquire)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
