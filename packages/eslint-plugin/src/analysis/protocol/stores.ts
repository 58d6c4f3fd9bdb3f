import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Run } from '../run.js';
import type { State } from '../state/state.js';
import { memberName, unwrapped, type Node } from '../text/syntax.js';
import { isOwner, type FenceValue, type Value } from '../state/value.js';
import type { Stored } from './place.js';

/** Remembers what a store puts into a field, or into a variable around the function; see `place`. */
export function noteStore(run: Run, state: State, mention: Node, value: Value, source?: Node): void {
  const stored = value.kind === 'unknown' ? (takenFrom(run, source) ?? 'else') : storedIn(state, value);
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

/** `const hit = this.#tiles.get(key)`: what a name stands for was read from another place. */
function takenFrom(run: Run, source: Node | undefined): Stored | undefined {
  const node = source === undefined ? undefined : unwrapped(source);
  const definition = node?.type === T.Identifier ? run.names.variable(node)?.defs[0]?.node : undefined;
  if (definition?.type !== T.VariableDeclarator || definition.id.type !== T.Identifier) return undefined;
  const read = definition.init ? unwrapped(definition.init) : undefined;
  const place = read?.type === T.CallExpression ? unwrapped(read.callee) : read;
  if (place?.type !== T.MemberExpression) return undefined;
  const from = unwrapped(place.object);
  if (from.type === T.MemberExpression && from.object.type === T.ThisExpression)
    return `from ${memberName(from) ?? ''}`;
  return from.type === T.Identifier ? `from ${from.name}` : undefined;
}

function isOwned(state: State, reference: string | undefined): boolean {
  const status = reference === undefined ? undefined : state.references.get(reference)?.status;
  return status === 'owned' || status === 'held';
}
