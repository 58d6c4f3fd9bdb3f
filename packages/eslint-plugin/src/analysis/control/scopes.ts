import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { TSESLint } from '@typescript-eslint/utils';
import { leakIfLost } from './exits.js';
import type { Loss } from '../finding.js';
import type { Variable } from '../text/names.js';
import { release } from '../state/ownership.js';
import type { Completion, Run } from '../run.js';
import { forgetKeys } from '../protocol/slot.js';
import { endFreeSection } from '../state/sections.js';
import type { Reference, State } from '../state/state.js';
import type { Node } from '../text/syntax.js';
import type { Value } from '../state/value.js';

/** The scope that a node opens: a function's parameters and body, a block, a loop's head, a switch, a catch clause. */
export function scopeOf(run: Run, node: Node): TSESLint.Scope.Scope | undefined {
  return run.names.sourceCode.scopeManager?.acquire(node, true) ?? undefined;
}

/** Variables of a scope end their life on every way out of it, those declared with `using` put in reverse order. */
export function leaveScope(run: Run, done: Completion, node: Node): Completion {
  const variables = scopeOf(run, node)?.variables ?? [];
  if (variables.length === 0) return done;
  for (const state of done.normal) endScope(run, state, variables, node, 'end', undefined);
  for (const list of [done.breaks, done.continues, done.returns, done.throws]) {
    for (const abrupt of list) endScope(run, abrupt.state, variables, abrupt.node, abrupt.how, abrupt.value);
  }
  return done;
}

function endScope(
  run: Run,
  state: State,
  variables: readonly Variable[],
  at: Node,
  how: Loss,
  inFlight: Value | undefined,
): void {
  for (const variable of [...variables].reverse()) if (isUsing(variable)) dispose(run, state, variable, at);
  const lost: Value[] = [];
  for (const variable of variables) {
    const value = state.variables.get(variable);
    if (value === undefined || !run.isLocal(variable)) continue;
    // At the top of a module a name is never lost: whatever the module does later may use it.
    if (run.root.type === T.Program && variable.scope.block.type === T.Program) continue;
    state.variables.delete(variable);
    lost.push(value);
  }
  for (const value of lost) leakIfLost(run, state, value, at, how, inFlight);
  for (const variable of variables) state.facts.forget(variable.name);
  forgetKeys(run, state, variables);
}

/** Whether a variable is declared with `using` or `await using`. */
export function isUsing(variable: Variable): boolean {
  const declaration = variable.defs[0]?.parent;
  return (
    declaration?.type === T.VariableDeclaration &&
    (declaration.kind === 'using' || declaration.kind === 'await using')
  );
}

function dispose(run: Run, state: State, variable: Variable, at: Node): void {
  const value = state.variables.get(variable);
  const node = variable.identifiers[0] ?? at;
  if (value?.kind === 'guard') {
    const reference = state.references.get(value.reference);
    if (reference !== undefined) giveBack(run, state, reference, node);
    return;
  }
  if (value?.kind === 'fence' && value.reference !== undefined) {
    const reference = state.references.get(value.reference);
    if (reference?.status === 'scoped' || reference?.status === 'owned') release(run, state, reference, node);
  }
  if (value?.kind === 'container') {
    for (const reference of state.references.values()) {
      if (reference.status === 'scoped' && reference.holder === value.id)
        giveBack(run, state, reference, node);
    }
  }
}

/** What a scope or a stack held is put; a section ends with its guard. */
export function giveBack(run: Run, state: State, reference: Reference, node: Node): void {
  if (reference.resource === 'section') endFreeSection(run, state, reference.id, node);
  release(run, state, reference, node);
}
