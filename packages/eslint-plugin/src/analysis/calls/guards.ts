import type { TSESTree } from '@typescript-eslint/utils';
import { borrowArgument } from './core-methods.js';
import { evaluateAll } from '../values/expressions.js';
import { release } from '../state/ownership.js';
import type { Outcome, Run } from '../run.js';
import { endFreeSection, endSection } from '../state/sections.js';
import type { State } from '../state/state.js';
import { unknown, type Value } from '../state/value.js';

/** A prefix for guards of a fence's own section, which are followed by the fence and have no reference. */
export const ownGuard = 'own:';

/** A call on a section, a lock or an acquire context. */
export function evaluateGuardCall(
  run: Run,
  node: TSESTree.CallExpression,
  state: State,
  guard: Value & { kind: 'guard' },
  name: string | undefined,
): Outcome[] {
  const isEnd = name === 'end' || name === 'unlock' || name === '[Symbol.dispose]';
  return evaluateAll(run, node.arguments, state).map(({ state: after, values }) => {
    for (const [index, value] of values.entries())
      borrowArgument(run, after, value, node.arguments[index] ?? node);
    if (isEnd) end(run, after, guard.reference, node);
    return { state: after, value: unknown };
  });
}

function end(run: Run, state: State, id: string, node: TSESTree.CallExpression): void {
  if (id.startsWith(ownGuard)) {
    const object = id.slice(ownGuard.length);
    if (!state.sections.some(({ kind, of }) => kind === 'own' && of === object)) return;
    endSection(state, object);
    state.ended = { at: node, signaledInside: false };
    return;
  }
  const reference = state.references.get(id);
  if (reference === undefined) return;
  if (reference.resource === 'section') endFreeSection(run, state, id, node);
  if (reference.status === 'owned') release(run, state, reference, node);
}
