import { SharedMap } from './shared-map.js';
import type { Reference } from './state.js';
import type { Value } from './value.js';

/**
 * Who leads where in a state: the account that answers "does a name lead to this fence still?" without asking all
 * names. The state's maps keep it, see `tracked-map`.
 */
export class Naming {
  /** How many names, places and owned references lead to an object. */
  readonly #objects: SharedMap<string, number>;
  /** How many variables carry a reference (`r…`), a container (`c…`) or a name of an object (`o…`). */
  readonly #variables: SharedMap<string, number>;
  /** Under which keys of the properties a reference (`r…`) or a container (`c…`) stands. */
  readonly #places: SharedMap<string, readonly string[]>;
  /** The references on an object, the newest last. */
  readonly #references: SharedMap<string, readonly string[]>;
  /** Objects that lost a name, or a reference, since the state was tidied last. */
  #changed: Set<string> | undefined;

  constructor(from?: Naming) {
    this.#objects = new SharedMap(from === undefined ? undefined : from.#objects);
    this.#variables = new SharedMap(from === undefined ? undefined : from.#variables);
    this.#places = new SharedMap(from === undefined ? undefined : from.#places);
    this.#references = new SharedMap(from === undefined ? undefined : from.#references);
    const changed = from === undefined ? undefined : from.#changed;
    this.#changed = changed === undefined || changed.size === 0 ? undefined : new Set(changed);
  }

  isNamed(object: string): boolean {
    return this.#objects.has(object);
  }

  /** Whether a variable carries a reference, as a fence or as a guard. */
  isCarried(reference: string): boolean {
    return this.#variables.has(`r${reference}`);
  }

  /** Whether a variable stands for a fence, whatever reference it carries. */
  hasVariable(object: string): boolean {
    return this.#variables.has(`o${object}`);
  }

  /** Whether a variable stands for a container. */
  hasContainer(id: string): boolean {
    return this.#variables.has(`c${id}`);
  }

  placesOfReference(reference: string): readonly string[] {
    return this.#places.get(`r${reference}`) ?? [];
  }

  placesOfContainer(id: string): readonly string[] {
    return this.#places.get(`c${id}`) ?? [];
  }

  referencesOn(object: string): readonly string[] {
    return this.#references.get(object) ?? [];
  }

  /** What has to be looked at when a state is tidied, asked once. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = undefined;
    return changed ?? none;
  }

  /** To be looked at again at the next time. */
  change(object: string): void {
    (this.#changed ??= new Set()).add(object);
  }

  noteVariable(value: Value, sign: 1 | -1): void {
    if (value.kind === 'fence') {
      this.noteObject(value.object, sign);
      tally(this.#variables, `o${value.object}`, sign);
      if (value.reference !== undefined) tally(this.#variables, `r${value.reference}`, sign);
    } else if (value.kind === 'guard') tally(this.#variables, `r${value.reference}`, sign);
    else if (value.kind === 'container') tally(this.#variables, `c${value.id}`, sign);
  }

  noteProperty(key: string, value: Value, sign: 1 | -1): void {
    if (value.kind === 'fence') {
      this.noteObject(value.object, sign);
      if (value.reference !== undefined) list(this.#places, `r${value.reference}`, key, sign);
    } else if (value.kind === 'container') list(this.#places, `c${value.id}`, key, sign);
  }

  noteReference({ id, object, status }: Reference, sign: 1 | -1): void {
    list(this.#references, object, id, sign);
    if (status === 'owned') this.noteObject(object, sign);
    else if (sign === 1) this.change(object);
  }

  noteObject(object: string, sign: 1 | -1): void {
    if (tally(this.#objects, object, sign) === 0) this.change(object);
  }
}

const none: ReadonlySet<string> = new Set();

function tally(counts: SharedMap<string, number>, key: string, sign: 1 | -1): number {
  const count = (counts.get(key) ?? 0) + sign;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
  return count;
}

/** An entry that is replaced is noted before it is taken away: it may stand in its list twice for a moment. */
function list(lists: SharedMap<string, readonly string[]>, key: string, entry: string, sign: 1 | -1): void {
  const entries = lists.get(key) ?? [];
  if (sign === 1) {
    lists.set(key, [...entries, entry]);
    return;
  }
  const at = entries.lastIndexOf(entry);
  const rest = entries.filter((_, index) => index !== at);
  if (rest.length === 0) lists.delete(key);
  else lists.set(key, rest);
}
