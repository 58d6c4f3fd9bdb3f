import type { Versioned } from './engine.js';

type Changed = (state?: Versioned) => void;

/** Who watches which key on one connection. The engine subscribes with the first watch of a key, and lets go with the last. */
export class Listeners {
  readonly #of = new Map<string, Set<Changed>>();
  readonly #begin: (key: string) => void;
  readonly #end: (key: string) => void;

  constructor(begin: (key: string) => void, end: (key: string) => void) {
    this.#begin = begin;
    this.#end = end;
  }

  add(key: string, changed: Changed): Disposable {
    let set = this.#of.get(key);
    if (set === undefined) {
      this.#of.set(key, (set = new Set()));
      this.#begin(key);
    }
    // Each watch is one entry, also if the same function watches twice.
    const entry: Changed = (state) => {
      changed(state);
    };
    const entries = set.add(entry);
    return {
      [Symbol.dispose]: () => {
        if (!entries.delete(entry) || entries.size > 0) return;
        this.#of.delete(key);
        this.#end(key);
      },
    };
  }

  get keys(): Iterable<string> {
    return this.#of.keys();
  }

  tell(key: string, state?: Versioned): void {
    for (const changed of this.#of.get(key) ?? []) changed(state);
  }

  /** Connected again: anything may have been missed. */
  tellAll(): void {
    for (const key of [...this.#of.keys()]) this.tell(key);
  }
}
