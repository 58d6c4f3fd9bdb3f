import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Loss } from '../finding.js';
import { contents } from '../values/holding.js';
import type { Run } from '../run.js';
import type { Reference, State } from '../state/state.js';
import { isWithin, type Node, parentOf, unwrapped } from '../text/syntax.js';
import type { Value } from '../state/value.js';

/** The references that a value leads to. */
function referencesOf(state: State, value: Value): Reference[] {
  switch (value.kind) {
    case 'fence': {
      const own = value.reference === undefined ? undefined : state.references.get(value.reference);
      const floating = state
        .referencesOn(value.object)
        .filter((one) => one.floating === true && one.status === 'owned');
      return own === undefined ? floating : [own, ...floating];
    }
    case 'guard': {
      const reference = state.references.get(value.reference);
      return reference === undefined ? [] : [reference];
    }
    case 'container':
      return contents(state, value.id);
    default:
      return [];
  }
}

/** A value loses a name: what it owns is lost if no other name leads there. */
export function leakIfLost(
  run: Run,
  state: State,
  value: Value,
  at: Node,
  how: Loss,
  inFlight?: Value,
): void {
  const kept = [...run.inHand, ...(inFlight === undefined ? [] : [inFlight])].flatMap((one) =>
    referencesOf(state, one),
  );
  for (const reference of referencesOf(state, value)) {
    if (reference.status !== 'owned' && reference.status !== 'held') continue;
    if (kept.some(({ id }) => id === reference.id) || state.isReachable(reference)) continue;
    lose(run, state, reference, at, how);
  }
}

/** A reference that nobody can put any more. */
export function lose(run: Run, state: State, reference: Reference, at: Node, how: Loss): void {
  // Whether such a parameter had to be put is known when the function's result is: see `interpreter`.
  if (reference.parameter === 'when true' || reference.parameter === 'when false') return;
  state.references.delete(reference.id);
  if (reference.resource === 'section') {
    state.sections = state.sections.filter(({ of }) => of !== reference.id);
  }
  if (reference.holder !== undefined && run.unfollowed.has(reference.holder)) return;
  if (reference.resource === 'acquire context') return;
  if (reference.standing !== undefined) {
    // What was handed out by `shift` or `pop` is judged like any result of a call.
    if (reference.standing === 'handed out' && run.place?.records === undefined) return;
    run.placeLosses.push({ reference, at, how });
    return;
  }
  const helper = run.inlined.at(-1);
  if (run.helpers > 0 && helper !== undefined && isWithin(reference.site, helper)) return;
  run.losses.push({ reference, at, how });
}

/** What a statement took and gave no name: a temporary that nobody can put. */
export function sweep(run: Run, state: State): void {
  for (const id of run.fresh) {
    const reference = state.references.get(id);
    if (reference === undefined || reference.floating === true) continue;
    if (reference.status !== 'owned' && reference.status !== 'held') continue;
    if (state.isReachable(reference)) continue;
    state.references.delete(id);
    if (reference.resource === 'section') state.sections = state.sections.filter(({ of }) => of !== id);
    // A container that was given away piece by piece, or under a name that is not followed.
    if (reference.holder !== undefined && run.unfollowed.has(reference.holder)) continue;
    run.report({
      kind: 'floating',
      node: reference.site,
      resource: reference.resource,
      argument: isArgument(reference.site),
      statementGet: false,
    });
  }
}

function isArgument(site: Node): boolean {
  let node = site;
  for (let parent = parentOf(node); parent !== undefined; parent = parentOf(node)) {
    if (
      (parent.type === T.CallExpression || parent.type === T.NewExpression) &&
      unwrapped(parent.callee) !== unwrapped(node)
    )
      return true;
    if (
      parent.type !== T.ArrayExpression &&
      parent.type !== T.ObjectExpression &&
      parent.type !== T.Property &&
      parent.type !== T.SpreadElement
    )
      return false;
    node = parent;
  }
  return false;
}
