import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Run } from '../run.js';
import type { State } from './state.js';
import { dependsOn, isUnder, type Node, pathOf, rootOf } from '../text/syntax.js';
import type { FenceValue, Origin, Value } from './value.js';

/** A chain of names gets another value: what was known of the fence it led to stays with those who still hold it. */
export function overwrite(run: Run, state: State, target: Node, value: Value | undefined): void {
  const path = pathOf(target);
  if (path === undefined) return;
  run.assigned.add(path);
  state.facts.forget(path);
  if (value === undefined) takeBack(state, path);
  leadElsewhere(state, path, target);
  if (value?.kind === 'fence' && value.reference !== undefined) {
    state.paths.set(path, value.object);
    return;
  }
  const object = objectAt(state, path);
  const isKnown =
    state.paths.has(path) ||
    state.objects.has(object) ||
    [...state.variables.values()].some((held) => held.kind === 'fence' && held.object === object);
  if (!isKnown) return;
  setAnew(state, path, target);
}

/** From now on a path leads to a fence of which nothing is known. */
function setAnew(state: State, path: string, at: Node): void {
  const taken = new Set([objectAt(state, path)]);
  for (const held of state.variables.values()) if (held.kind === 'fence') taken.add(held.object);
  let fresh = `${path}@${String(at.range[0])}`;
  // In a loop this place was passed before: what it led to then may still be in somebody's hands.
  while (taken.has(fresh)) fresh += "'";
  state.paths.set(path, fresh);
  state.objects.delete(fresh);
}

/** A place is emptied: what this function stored there has perhaps no other owner than its name. */
export function takeBack(state: State, path: string): void {
  for (const { id, status, holder } of state.references.values())
    if (status === 'moved' && holder !== undefined && isUnder(holder, path))
      state.update(id, { status: 'shared', holder: undefined });
}

/** The fence that a chain of names leads to. */
export function objectAt(state: State, path: string): string {
  return state.paths.get(path) ?? path;
}

/** A fence read through a chain of names; whether it is one is asked when it matters. */
export function readPath(state: State, node: Node, origin: Origin): FenceValue {
  const path = pathOf(node);
  const object = path === undefined ? `x${String(node.range[0])}` : objectAt(state, path);
  // What has no name is another one each time: of what the last turn of a loop read here nothing holds now.
  if (path === undefined) state.objects.delete(object);
  const known = rootOf(node).type === T.ThisExpression ? path : undefined;
  return { kind: 'fence', object, reference: undefined, origin, path: known ?? path, node, checked: false };
}

/** A name gets another value: what is read through it, or indexed by it, from now on are other fences than before. */
export function leadElsewhere(state: State, name: string, at: Node): void {
  const known = new Set<string>();
  const note = (path: string): void => {
    if (path !== name && dependsOn(path, name)) known.add(path.replace(/@\d+'*$/, ''));
  };
  for (const path of state.paths.keys()) note(path);
  for (const object of state.objects.keys()) note(object);
  for (const value of state.variables.values())
    if (value.kind === 'fence' && value.reference === undefined) note(value.object);
  for (const path of known) setAnew(state, path, at);
}
