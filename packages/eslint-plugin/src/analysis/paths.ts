import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Run } from './run.js';
import type { State } from './state.js';
import { dependsOn, isUnder, type Node, pathOf, rootOf } from './syntax.js';
import type { FenceValue, Origin, Value } from './value.js';

/** A chain of names gets another value: what was known of the fence it led to stays with those who still hold it. */
export function overwrite(run: Run, state: State, target: Node, value: Value | undefined): void {
  const path = pathOf(target);
  if (path === undefined) return;
  run.assigned.add(path);
  state.facts.forget(path);
  if (value === undefined) takeBack(state, path);
  const prefix = `${path}.`;
  for (const known of [...state.paths.keys()]) if (known.startsWith(prefix)) state.paths.delete(known);
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
  const fresh = `${path}@${String(target.range[0])}`;
  state.paths.set(path, fresh);
  // In a loop, this place has written here before: of what stands here now nothing is known yet.
  const isHeld = [...state.variables.values()].some((held) => held.kind === 'fence' && held.object === fresh);
  if (!isHeld) state.objects.delete(fresh);
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
  const known = rootOf(node).type === T.ThisExpression ? path : undefined;
  return { kind: 'fence', object, reference: undefined, origin, path: known ?? path, node, checked: false };
}

/** A name gets another value: what is read through it, or indexed by it, from now on are other fences than before. */
export function leadElsewhere(state: State, name: string, at: Node): void {
  const known = new Set<string>();
  for (const paths of [state.paths, state.objects])
    for (const path of paths.keys())
      if (path !== name && dependsOn(path, name)) known.add(path.replace(/@\d+$/, ''));
  for (const whole of known) {
    const fresh = `${whole}@${String(at.range[0])}`;
    state.paths.set(whole, fresh);
    state.objects.delete(fresh);
  }
}
