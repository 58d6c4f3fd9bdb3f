import type { Run } from '../run.js';
import type { State } from '../state/state.js';
import type { Node } from '../text/syntax.js';
import { isOwner, type FenceValue, type Value } from '../state/value.js';
import type { Stored } from './place.js';

/** Remembers what a store puts into a field, or into a variable around the function; see `place`. */
export function noteStore(run: Run, state: State, mention: Node, value: Value): void {
  const stored = storedIn(state, value);
  if (stored === undefined) return;
  const before = run.stores.get(mention);
  const isSame = before === undefined || String(before) === String(stored);
  run.stores.set(mention, isSame ? stored : 'else');
}

function storedIn(state: State, value: Value): Stored | undefined {
  switch (value.kind) {
    case 'nothing':
      return undefined;
    case 'fence':
      return isOwned(state, value.reference) ? 'fence' : (movedFrom(value) ?? 'else');
    case 'container': {
      const names: string[] = [];
      const prefix = `${value.id}.`;
      for (const [key, held] of state.properties) {
        if (!key.startsWith(prefix) || held.kind === 'closure') continue;
        const name = key.slice(prefix.length);
        if (held.kind === 'fence' && !isOwned(state, held.reference)) {
          // A name that is no fence at all has nobody to own it.
          if (held.checked) return 'else';
        } else if (held.kind === 'fence' && !name.startsWith('*')) names.push(name);
        else if (isOwner(held)) return 'else';
      }
      return names.length === 0 ? undefined : names.sort();
    }
    default:
      return 'else';
  }
}

/** What is read from another place, and stored in this one, may have changed its owner. */
function movedFrom({ path, origin }: FenceValue): Stored | undefined {
  if (origin !== 'property' && origin !== 'element') return undefined;
  const from = /^(?:this\.)?(?<name>#?[\w$]+)/.exec(path ?? '')?.groups?.['name'];
  return from === undefined ? undefined : `from ${from}`;
}

function isOwned(state: State, reference: string | undefined): boolean {
  const status = reference === undefined ? undefined : state.references.get(reference)?.status;
  return status === 'owned' || status === 'held';
}
