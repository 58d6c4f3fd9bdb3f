/** Somebody who waits for a point of a sync object to come. */
export interface PointWaiter {
  readonly point: number;
}

/**
 * Who waits for which point, the lowest first, in order of arrival where points are equal.
 *
 * Waiters nearly always come with rising points and leave from the front, so this is an array with a moving head.
 */
export class PointQueue<W extends PointWaiter> {
  #waiters: W[] = [];
  #head = 0;

  get first(): W | undefined {
    return this.#waiters[this.#head];
  }

  add(waiter: W): void {
    let place = this.#waiters.length;
    if (place > this.#head && (this.#waiters[place - 1] as W).point > waiter.point) {
      let low = this.#head;
      while (low < place) {
        const middle = (low + place) >>> 1;
        if ((this.#waiters[middle] as W).point <= waiter.point) low = middle + 1;
        else place = middle;
      }
    }
    this.#waiters.splice(place, 0, waiter);
  }

  /** Takes the first one out. */
  shift(): void {
    this.#head++;
    if (this.#head * 2 < this.#waiters.length) return;
    this.#waiters = this.#waiters.slice(this.#head);
    this.#head = 0;
  }

  remove(waiter: W): void {
    const place = this.#waiters.indexOf(waiter, this.#head);
    if (place >= 0) this.#waiters.splice(place, 1);
  }

  /** Takes all out. */
  clear(): W[] {
    const waiters = this.#waiters.slice(this.#head);
    this.#waiters = [];
    this.#head = 0;
    return waiters;
  }
}
