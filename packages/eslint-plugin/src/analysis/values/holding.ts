import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { escape } from './closures.js';
import { fenceOf, spendable, transfer, use } from '../state/ownership.js';
import type { Run } from '../run.js';
import { slotId, type Reference, type State } from '../state/state.js';
import type { Node } from '../text/syntax.js';
import { unknown, type Value } from '../state/value.js';

/** The references that a container made here holds, and those of containers in it. */
export function contents(state: State, id: string, seen: ReadonlySet<string> = new Set()): Reference[] {
  const found = [...state.references.values()].filter(
    ({ status, holder }) => status === 'held' && holder === id,
  );
  const prefix = `${id}.`;
  for (const [key, value] of state.properties) {
    if (!key.startsWith(prefix)) continue;
    // A container may stand in itself, by way of others.
    if (value.kind === 'container' && value.id !== id && !seen.has(value.id))
      found.push(...contents(state, value.id, new Set([...seen, id])));
    // Another container has it too.
    const also =
      value.kind === 'fence' && value.reference !== undefined
        ? state.references.get(value.reference)
        : undefined;
    if (also?.status === 'held' && also.holder !== id && !found.includes(also)) found.push(also);
  }
  return found;
}

/** What is taken out of a container, or of the containers in it, is not followed from now on. */
export function unfollow(run: Run, state: State, id: string, seen: ReadonlySet<string> = new Set()): void {
  run.unfollowed.add(id);
  for (const inside of containersIn(state, id))
    if (!seen.has(inside)) unfollow(run, state, inside, new Set([...seen, id]));
}

export function containersIn(state: State, id: string): ReadonlySet<string> {
  const inside = new Set<string>();
  for (const [key, value] of state.properties)
    if (value.kind === 'container' && value.id !== id && key.startsWith(`${id}.`)) inside.add(value.id);
  return inside;
}

/** The place of a literal is passed again: what the last one of it held stays its own. */
export function remake(state: State, id: string): void {
  renew(state, id);
  state.escaped.delete(id);
  // What has a name of its own needs no list any more.
  for (const value of state.variables.values()) {
    const named =
      value.kind === 'fence' && value.reference !== undefined
        ? state.references.get(value.reference)
        : undefined;
    if (named?.status === 'held' && named.holder === id)
      state.update(named.id, { status: 'owned', holder: undefined });
  }
  for (const key of [...state.properties.keys()]) if (key.startsWith(`${id}.`)) state.properties.delete(key);
}

/**
 * An element of a container made here, as a loop over it or a function for each of them sees it: the fence, or the one
 * object that stands for all of them. What several kinds of elements hold is not followed.
 */
export function elementIn(
  run: Run,
  state: State,
  id: string,
  held: readonly Reference[],
  target: Node | undefined,
): Value {
  const [first] = held;
  if (first === undefined) return unknown;
  const isPair = target?.type === T.ArrayPattern;
  if (!isPair && held.every((reference) => isDirectlyIn(state, id, reference))) return fenceOf(first);
  const inside = containersIn(state, id);
  const [only] = inside;
  const isKnown =
    only !== undefined &&
    inside.size === 1 &&
    held.every(({ holder }) => holder === only) &&
    (!isPair || state.properties.has(`${only}.0`));
  if (isKnown) {
    // What an earlier one of them held, and the one that is looked at does not.
    const named = namedIn(state, only);
    for (const { id: reference } of held)
      if (!named.has(reference)) state.update(reference, { status: 'shared' });
    return { kind: 'container', id: only, inside: true };
  }
  unfollow(run, state, id);
  for (const { id: reference } of held) state.update(reference, { status: 'shared' });
  return unknown;
}

/** Whether a reference stands in a container itself, and not in another container there. */
export function isDirectlyIn(state: State, id: string, { id: reference, holder }: Reference): boolean {
  if (holder === id) return true;
  const prefix = `${id}.`;
  for (const [key, value] of state.properties)
    if (value.kind === 'fence' && value.reference === reference && key.startsWith(prefix)) return true;
  return false;
}

/** The references that a container made here has under a name or an index. */
export function namedIn(state: State, id: string): ReadonlySet<string> {
  const named = new Set<string>();
  for (const [key, value] of state.properties)
    if (value.kind === 'fence' && value.reference !== undefined && key.startsWith(`${id}.`))
      named.add(value.reference);
  return named;
}

/** Whether a reference that a container holds has no name, in there or elsewhere: it stands for any number of them. */
export function isAnonymous(state: State, id: string, { id: reference, holder }: Reference): boolean {
  return holder === id && !namedIn(state, id).has(reference) && !state.naming.isCarried(reference);
}

/** The references of a container made here that were all put while it held them. */
export function drained(state: State, id: string): Reference[] {
  return [...state.references.values()].filter(({ status, holder }) => status === 'put' && holder === id);
}

/** A place of the text makes another container, or empties this one: nothing is in it, whatever became of the last one's content. */
export function renew(state: State, id: string): void {
  for (const { id: reference } of drained(state, id)) state.update(reference, { holder: undefined });
}

/** Puts a value into a container made here; the container answers for it from now on. */
export function hold(
  run: Run,
  state: State,
  container: string,
  value: Value,
  node: Node,
  property?: string,
): void {
  if (state.escaped.has(container)) {
    if (value.kind === 'closure') escape(run, state, value.node, node, {});
    else transfer(run, state, value, node, { how: 'store' });
    return;
  }
  if (value.kind === 'fence') {
    const reference = spendable(state, value);
    const isKept =
      reference?.status === 'held' &&
      reference.holder !== undefined &&
      reference.holder !== container &&
      state.isContainerReachable(reference.holder);
    // It stands in two containers: the first one has it as long as something leads there.
    if (isKept) {
      property ??= `*${String(node.range[0])}`;
    } else if (reference !== undefined) {
      // Several references from one place in the text count as one inside a container, unless they have names there.
      const named = namedIn(state, container);
      for (const other of contents(state, container))
        if (other.site === reference.site && !named.has(other.id)) {
          state.references.delete(other.id);
          // The one that stays stands for its fence too.
          if (other.object !== reference.object) state.objects.delete(other.object);
        }
      const standing =
        container === slotId && reference.standing === undefined ? { standing: 'put in' as const } : {};
      state.update(reference.id, { status: 'held', at: node, holder: container, ...standing });
    } else if (value.reference !== undefined) {
      const own = state.references.get(value.reference);
      if (own?.status === 'put') use(run, state, value, node, 'store');
      // From one container made here into another.
      else if (own?.status === 'held') state.update(own.id, { at: node, holder: container });
    }
  }
  if (value.kind === 'guard') transfer(run, state, value, node, { how: 'store' });
  const isFollowed = value.kind === 'container' || value.kind === 'closure' || value.kind === 'promise';
  if (property !== undefined || isFollowed) {
    state.properties.set(`${container}.${property ?? `*${String(node.range[0])}`}`, value);
  }
}

/** A container leaves: so do the functions in it, with what they took along. */
export function letGo(run: Run, state: State, id: string, node: Node, outlives: boolean): void {
  if (state.escaped.has(id)) return;
  state.escaped.add(id);
  for (const [key, value] of [...state.properties]) {
    if (!key.startsWith(`${id}.`)) continue;
    if (value.kind === 'closure') escape(run, state, value.node, node, { outlives });
    else if (value.kind === 'container') letGo(run, state, value.id, node, outlives);
  }
}

/** Nothing is said any more of what a value leads to: somebody unknown may own it now. */
export function share(run: Run, state: State, value: Value, node: Node): void {
  const references: Reference[] = [];
  if (value.kind === 'fence')
    references.push(
      ...state
        .referencesOn(value.object)
        .filter(({ id, status }) => id === value.reference && status === 'owned'),
    );
  else if (value.kind === 'closure') escape(run, state, value.node, node, {});
  else if (value.kind === 'container') {
    letGo(run, state, value.id, node, false);
    references.push(...contents(state, value.id));
  } else if (value.kind === 'guard') transfer(run, state, value, node, { how: 'argument' });
  for (const reference of references) {
    run.consumed.add(reference.site);
    state.note(reference.object, { published: true, producerElsewhere: true });
    state.update(reference.id, { status: 'shared', at: node });
  }
}
