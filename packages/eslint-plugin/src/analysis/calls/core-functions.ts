import { type TSESTree, AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isEntity, isFenceEntity, waitFunctions } from '../../types/vocabulary.js';
import { borrowArgument } from './core-methods.js';
import { inline } from '../values/closures.js';
import { evaluateAll } from '../values/expressions.js';
import { renew, share } from '../values/holding.js';
import { acquire, asFence } from '../state/ownership.js';
import { resultOfType } from './results.js';
import type { Outcome, Run } from '../run.js';
import { allocateInSections, beginSection, blockInSections, waitInSections } from '../state/sections.js';
import { merged, type State } from '../state/state.js';
import type { FunctionNode } from '../text/syntax.js';
import { unknown, type Value } from '../state/value.js';

/** A function that core exports. */
export function evaluateCoreFunction(
  run: Run,
  node: TSESTree.CallExpression,
  name: string,
  before: State,
): Outcome[] {
  return evaluateAll(run, node.arguments, before).flatMap(({ state, values }): Outcome[] => {
    for (const [index, value] of values.entries())
      borrowArgument(run, state, value, node.arguments[index] ?? node);
    if (name === 'beginSignalling') return beginFreeSection(run, node, state);
    if (name === 'lockReservations') {
      blockInSections(run, state, node, name);
      run.mayThrow(state, node, 'call');
    }
    if (waitFunctions.has(name)) waitInSections(run, state, node, name, objectsIn(run, node, state, values));
    const type = run.resolver.typeOf(node);
    if (type === undefined) return [{ state, value: unknown }];
    if (type.promise)
      return [
        { state, value: name === 'lockReservations' ? { kind: 'promise', of: type, call: node } : unknown },
      ];
    if (type.many) return [{ state, value: { kind: 'many', origin: 'library', path: undefined, node } }];
    if (!isFenceEntity(type.entity)) return [{ state, value: unknown }];
    // Wrong arguments throw; under a `catch` that is a path like any other call's.
    if (name !== 'signaledFence') run.mayThrow(state, node, 'call');
    return resultOfType(run, state, node, type);
  });
}

function beginFreeSection(run: Run, node: TSESTree.CallExpression, state: State): Outcome[] {
  const reference = acquire(run, state, node, { resource: 'section' });
  beginSection(state, { kind: 'free', node, of: reference.id });
  run.report({ kind: 'section begun', node });
  return [{ state, value: { kind: 'guard', reference: reference.id } }];
}

/** The fences that a wait for several names one by one. */
function objectsIn(
  run: Run,
  node: TSESTree.CallExpression,
  state: State,
  values: readonly Value[],
): string[] {
  const objects: string[] = [];
  for (const [index, value] of values.entries()) {
    const fence = asFence(run, value, node.arguments[index] ?? node);
    if (fence !== undefined) objects.push(fence.object);
    if (value.kind !== 'container') continue;
    for (const [key, held] of state.properties)
      if (held.kind === 'fence' && key.startsWith(`${value.id}.`)) objects.push(held.object);
  }
  return objects;
}

/** `new` of one of core's classes; undefined for any other class. */
export function evaluateCoreNew(
  run: Run,
  node: TSESTree.NewExpression,
  state: State,
  values: readonly Value[],
): Outcome[] | undefined {
  const callee = node.callee;
  if (callee.type === T.Identifier && isGlobal(run, callee))
    return evaluateGlobalNew(run, callee.name, node, state, values);
  const name = run.resolver.exportedName(callee.type === T.MemberExpression ? callee.property : callee);
  if (name === undefined || !isEntity(name)) return undefined;
  switch (name) {
    case 'FenceCallback': {
      const [action, ...data] = values;
      // A record keeps its data for whoever made it.
      for (const [index, value] of data.entries()) {
        const argument = node.arguments[index + 1] ?? node;
        share(run, state, asFence(run, value, argument) ?? value, argument);
      }
      return [{ state, value: action?.kind === 'closure' ? { ...action, record: true } : unknown }];
    }
    case 'AcquireContext': {
      const reference = acquire(run, state, node, { resource: 'acquire context' });
      return [{ state, value: { kind: 'guard', reference: reference.id } }];
    }
    case 'DmaFenceContext':
      allocateInSections(run, state, node, 'new DmaFenceContext');
      return [{ state, value: unknown }];
    default:
      return [{ state, value: unknown }];
  }
}

function isGlobal(run: Run, callee: TSESTree.Identifier): boolean {
  return (run.names.variable(callee)?.defs.length ?? 0) === 0;
}

const collections: ReadonlySet<string> = new Set([
  'Map',
  'Set',
  'Array',
  'DisposableStack',
  'AsyncDisposableStack',
]);

/** Collections and stacks of the language start empty; what a promise's function does happens at once. */
function evaluateGlobalNew(
  run: Run,
  name: string,
  node: TSESTree.NewExpression,
  state: State,
  values: readonly Value[],
): Outcome[] | undefined {
  const [executor] = values;
  if (name === 'Promise' && executor?.kind === 'closure' && !executor.node.async)
    return runExecutor(run, state, executor.node);
  if (!collections.has(name)) return undefined;
  if (values.length > 0) return undefined;
  const id = `c${String(node.range[0])}`;
  renew(state, id);
  return [{ state, value: { kind: 'container', id } }];
}

/** The function that a promise is made with runs at once; what it throws rejects the promise. */
function runExecutor(run: Run, state: State, fn: FunctionNode): Outcome[] {
  const outer = run.thrown;
  run.thrown = [];
  const ends = inline(run, state, fn, []).map((outcome) => outcome.state);
  ends.push(...run.thrown.map((abrupt) => abrupt.state));
  run.thrown = outer;
  return merged(ends).map((each) => ({ state: each, value: unknown }));
}
