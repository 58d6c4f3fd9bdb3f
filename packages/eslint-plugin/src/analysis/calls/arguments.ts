import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import type { Contract } from '../../types/resolver.js';
import { escape } from '../values/closures.js';
import { borrowArgument } from './core-methods.js';
import { contents, share } from '../values/holding.js';
import { transfer, use } from '../state/ownership.js';
import type { Run } from '../run.js';
import type { State } from '../state/state.js';
import { noteStore } from '../protocol/stores.js';
import { memberName, type Node, pathOf, unwrapped } from '../text/syntax.js';
import type { Value } from '../state/value.js';

/** Whether a call hands its argument to whoever awaits a promise. */
export function isResolve(name: string | undefined): boolean {
  return name === 'resolve';
}

/** `list.push(fence)` on a collection that outlives this function. */
export function keep(
  run: Run,
  state: State,
  callee: TSESTree.MemberExpression,
  value: Value,
  argument: Node,
  index: number,
): void {
  const name = memberName(callee);
  const type = run.resolver.typeOf(callee.object);
  const isWeak = (run.resolver.typeName(callee.object) ?? '').startsWith('Weak');
  if (isWeak || type?.brand === 'borrowed') {
    if (value.kind === 'fence') use(run, state, value, argument, 'store');
    // What was taken for it is for whoever looks it up to put.
    if (type?.brand !== 'borrowed') share(run, state, value, argument);
    return;
  }
  const isKey = name === 'set' && index === 0;
  if (isKey || (name === 'splice' && index < 2)) {
    share(run, state, value, argument);
    return;
  }
  noteStore(run, state, unwrapped(callee.object), value, argument);
  if (value.kind === 'fence') {
    state.note(
      value.object,
      type?.entity === 'DmaFence' ? { published: true } : { published: true, producerElsewhere: true },
    );
  }
  transfer(run, state, value, argument, { how: 'store', holder: pathOf(callee.object) });
}

/** An argument whose reference the callee takes over. */
export function give(run: Run, state: State, value: Value, argument: Node): void {
  if (value.kind === 'fence') state.note(value.object, { published: true, producerElsewhere: true });
  if (value.kind === 'closure') escape(run, state, value.node, argument, { outlives: true });
  else transfer(run, state, value, argument, { how: 'argument' });
}

/** An argument that the callee looks at; where nothing is known of it, it may do more than that. */
export function lend(
  run: Run,
  state: State,
  value: Value,
  argument: Node,
  contract: Contract | undefined,
  index: number,
): void {
  if (value.kind === 'fence') use(run, state, value, argument);
  if (value.kind === 'fence' && contract !== undefined) {
    const type = contract.parameterType(index);
    const producer = type === undefined || type.entity === 'DriverFence';
    if (!contract.ours)
      state.note(value.object, producer ? { published: true, producerElsewhere: true } : { published: true });
  }
  if (contract?.builtin === true && value.kind === 'container' && !isShown(argument)) {
    // `Object.freeze(handle)`, `Array.from(list)`: whoever has the result has what is in it.
    share(run, state, value, argument);
    return;
  }
  if (contract?.ours === true || contract?.builtin === true) return;
  const isDeclared = contract?.parameterType(index) !== undefined || contract?.parameter(index) === 'borrows';
  const isKnown = run.resolver.typed ? isDeclared : contract?.declaration !== undefined;
  // A list of what has names of its own is looked at, as each of them would be.
  const isList = run.resolver.typed && contract?.parameterType(index)?.many === true;
  if (
    isList &&
    value.kind === 'container' &&
    run.options.unknownCallee !== 'escape' &&
    isOfNames(state, value.id)
  ) {
    borrowArgument(run, state, value, argument);
    return;
  }
  if (
    !isKnown ||
    run.options.unknownCallee === 'escape' ||
    value.kind === 'container' ||
    value.kind === 'guard'
  )
    share(run, state, value, argument);
}

/** Whether everything in a container made here is reached by a variable, too. */
function isOfNames(state: State, id: string): boolean {
  const named = new Set<string | undefined>();
  for (const value of state.variables.values()) if (value.kind === 'fence') named.add(value.reference);
  const held = contents(state, id);
  return held.length > 0 && held.every((reference) => named.has(reference.id));
}

/** An argument of a function that only looks: `console.log(list)`, `JSON.stringify(list)`. */
function isShown(argument: Node): boolean {
  const { parent } = argument;
  if (parent?.type !== T.CallExpression || parent.callee.type !== T.MemberExpression) return false;
  const { object } = parent.callee;
  return object.type === T.Identifier && (object.name === 'console' || object.name === 'JSON');
}
