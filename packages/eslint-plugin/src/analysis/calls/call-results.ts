import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import type { Contract } from '../../types/resolver.js';
import { isFenceEntity } from '../../types/vocabulary.js';
import { give } from './arguments.js';
import { acquire, fenceOf } from '../state/ownership.js';
import { hold, remake } from '../values/holding.js';
import { resultOfType } from './results.js';
import type { Outcome, Run } from '../run.js';
import type { State } from '../state/state.js';
import { leadElsewhere, takeBack } from '../state/paths.js';
import { type Node, pathOf, unwrapped } from '../text/syntax.js';
import { nothing, unknown, type Value } from '../state/value.js';

interface Callee {
  readonly contract: Contract | undefined;
  readonly summary: () => ReturnType<Run['summaries']['ofCallee']>;
  readonly values: readonly Value[];
  readonly conditional: readonly { value: Value; argument: Node; when: boolean }[];
  readonly receiver: Value | undefined;
  readonly name: string | undefined;
}

/** What a call gives back, with one path for each answer that ownership depends on. */
export function results(run: Run, node: TSESTree.CallExpression, state: State, callee: Callee): Outcome[] {
  const { conditional } = callee;
  if (conditional.length === 0) return resultOf(run, node, state, callee);
  const other = state.clone();
  for (const { value, argument, when } of conditional) give(run, when ? state : other, value, argument);
  return [
    { state, value: { kind: 'constant', value: true } },
    { state: other, value: { kind: 'constant', value: false } },
  ];
}

/** Methods of the language's collections that take an element out and hand it over. */
const handOver: ReadonlySet<string> = new Set(['shift', 'pop', 'splice']);

function resultOf(
  run: Run,
  node: TSESTree.CallExpression,
  state: State,
  { contract, summary: summarise, values, receiver, name }: Callee,
): Outcome[] {
  const callee = unwrapped(node.callee);
  const path = callee.type === T.MemberExpression ? pathOf(callee.object) : undefined;
  if (path !== undefined && name !== undefined && /^(?:shift|pop|splice|delete|clear|set)$/.test(name)) {
    run.assigned.add(path);
    leadElsewhere(state, path, node);
    // What was stored there may have come back: `slots.set(key, ref); …; slots.delete(key); ref.put()`.
    if (name !== 'set') takeBack(state, path);
  }
  const type = run.resolver.typeOf(node);
  if (type === undefined) {
    const isPassedOn = values.some((value) => value.kind === 'fence' && value.reference !== undefined);
    const summary = isPassedOn || contract?.declaration !== undefined ? summarise() : undefined;
    const isHere = node.parent.type === T.AwaitExpression || summary?.isAsync !== true;
    if (summary !== undefined && summary.owns.length > 0 && isHere)
      return [
        ...(summary.mayBeMissing ? [{ state: state.clone(), value: nothing }] : []),
        { state, value: ownedRecord(run, state, node, summary.owns) },
      ];
    return [
      { state, value: summary?.returns === 'parameter' ? (values[summary.returned] ?? unknown) : unknown },
    ];
  }
  if (type.promise) {
    if (type.many || contract?.tags?.borrowed === true) return [{ state, value: unknown }];
    const brand = contract?.generic === true || contract?.builtin === true ? 'borrowed' : type.brand;
    return brand === 'borrowed' || summarise()?.returns === 'borrowed'
      ? [{ state, value: unknown }]
      : [{ state, value: { kind: 'promise', of: type, call: node } }];
  }
  if (type.many) {
    const isLent = type.brand === 'borrowed' || contract?.tags?.borrowed === true;
    if (type.brand === 'owned' && !type.nullable && contract?.builtin !== true && contract?.generic !== true)
      return ownedList(run, state, node);
    return [{ state, value: isLent ? { kind: 'many', origin: 'library', path: undefined, node } : unknown }];
  }
  if (!isFenceEntity(type.entity)) return [{ state, value: unknown }];
  if (contract?.tags?.borrowed === true)
    return resultOfType(run, state, node, { ...type, brand: 'borrowed' });
  const isLookUp = contract?.builtin === true && path !== undefined && !handOver.has(name ?? '');
  // What a collection of `Owned` is asked for stays its own until it is taken out.
  if (isLookUp && type.brand === 'owned')
    return lentResult(state, node, isOwnedElsewhere(receiver) ? 'element' : 'unknown', path);
  const isAcquired = type.brand === 'owned' || contract?.tags?.acquires === true;
  if (!isAcquired && type.brand !== 'borrowed') {
    const summary = summarise();
    if (summary?.returns === 'parameter') return [{ state, value: values[summary.returned] ?? unknown }];
    if (summary?.returns === 'borrowed' || summary?.returns === 'unknown')
      return lentResult(state, node, 'unknown');
    if (contract === undefined || contract.generic || contract.builtin) {
      // A collection's `shift` and `pop` hand over, its other methods lend; a type parameter says nothing.
      const isCollection = contract?.builtin === true && path !== undefined && isOwnedElsewhere(receiver);
      if (isCollection && handOver.has(name ?? '')) return resultOfType(run, state, node, type);
      return lentResult(state, node, isCollection ? 'element' : 'unknown', path);
    }
  }
  return resultOfType(run, state, node, type);
}

/** A record that a function of this file makes, with references that are the caller's from now on. */
function ownedRecord(run: Run, state: State, node: TSESTree.CallExpression, owns: readonly string[]): Value {
  const id = `c${String(node.range[0])}:${String(node.range[1])}`;
  remake(state, id);
  for (const name of owns) hold(run, state, id, fenceOf(acquire(run, state, node)), node, name);
  return { kind: 'container', id };
}

/** A list of references that are all the caller's: `Owned<F>[]`. One stands for them. */
function ownedList(run: Run, state: State, node: TSESTree.CallExpression): Outcome[] {
  if (!/^(?:Readonly)?(?:Array|Set|Map)$/.test(run.resolver.typeName(node) ?? ''))
    return [{ state, value: unknown }];
  const id = `c${String(node.range[0])}:${String(node.range[1])}`;
  remake(state, id);
  hold(run, state, id, fenceOf(acquire(run, state, node)), node);
  return [{ state, value: { kind: 'container', id } }];
}

/** A collection that a field, a parameter or a variable around this function holds. */
function isOwnedElsewhere(receiver: Value | undefined): boolean {
  return receiver?.kind === 'many' || (receiver?.kind === 'fence' && receiver.origin !== 'unknown');
}

function lentResult(
  state: State,
  node: TSESTree.CallExpression,
  origin: 'element' | 'unknown',
  path?: string,
): Outcome[] {
  // `slots.get(id)` twice is the same slot as long as nobody writes to it.
  const whole = path === undefined ? undefined : `${path}.*${String(node.range[0])}`;
  const object = whole ?? `x${String(node.range[0])}`;
  // A loop's next turn may look up another one: nothing is known of it yet.
  state.objects.delete(object);
  return [
    { state, value: { kind: 'fence', object, reference: undefined, origin, path, node, checked: true } },
  ];
}
