import { digest, plus } from './digest.js';
import type { Naming } from './naming.js';
import { SharedMap } from './shared-map.js';

/** What is told of each write to a map. */
export interface Tracking<K, V> {
  /** The part of an entry that decides whether two states may become one; undefined when nothing of it does. */
  text(key: K, value: V): string | undefined;
  /** Keeps the account of who leads where. */
  note?(naming: Naming, key: K, value: V, sign: 1 | -1): void;
}

/** A map of a state: it keeps its digest and the state's account of names while it is written to. */
export class TrackedMap<K, V> extends SharedMap<K, V> {
  readonly #tracking: Tracking<K, V>;
  readonly #naming: Naming;
  #digest: number;

  constructor(tracking: Tracking<K, V>, naming: Naming, from?: TrackedMap<K, V>) {
    super(from);
    this.#tracking = tracking;
    this.#naming = naming;
    this.#digest = from === undefined ? 0 : from.#digest;
  }

  /** The same number for equal contents, whatever was written first. */
  get digest(): number {
    return this.#digest;
  }

  override set(key: K, value: V): void {
    const before = this.get(key);
    if (before === value) return;
    super.set(key, value);
    // The new entry first: a name that only moves on is not without its object in between.
    this.#count(key, value, 1);
    if (before !== undefined) this.#count(key, before, -1);
  }

  override delete(key: K): void {
    const before = this.get(key);
    if (before === undefined) return;
    super.delete(key);
    this.#count(key, before, -1);
  }

  #count(key: K, value: V, sign: 1 | -1): void {
    const text = this.#tracking.text(key, value);
    if (text !== undefined) this.#digest = plus(this.#digest, digest(text), sign);
    this.#tracking.note?.(this.#naming, key, value, sign);
  }
}
