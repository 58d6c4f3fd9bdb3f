/**
 * Tells when the running turn (one uninterrupted stretch of synchronous code) is over.
 *
 * A microtask runs when the stack is empty, so whatever the turn began and did not end is open then.
 */
export class Turn {
  readonly #over: () => void;
  /** What waits for the end; undefined while nobody asked for it. */
  #acts: (() => void)[] | undefined = undefined;

  constructor(over: () => void) {
    this.#over = over;
  }

  /** Makes sure that the end of this turn is told. */
  watch(): (() => void)[] {
    const present = this.#acts;
    if (present !== undefined) return present;
    const acts: (() => void)[] = (this.#acts = []);
    queueMicrotask(() => {
      this.#acts = undefined;
      this.#over();
      for (const act of acts) act();
    });
    return acts;
  }

  /** Does something at its end. */
  atEnd(act: () => void): void {
    this.watch().push(act);
  }
}
