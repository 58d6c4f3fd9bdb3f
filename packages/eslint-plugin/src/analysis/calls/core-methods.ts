import { type TSESTree, AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isFenceEntity, isWaitMethod, type Entity } from '../../types/vocabulary.js';
import { captured, escape, inline, registerCallback, runWork } from '../values/closures.js';
import { evaluateAll } from '../values/expressions.js';
import { ownGuard } from './guards.js';
import { acquire, asFence, fenceOf, put, transfer, use } from '../state/ownership.js';
import { resultOfType } from './results.js';
import type { Outcome, Run } from '../run.js';
import {
  allocateInSections,
  beginSection,
  blockInSections,
  signalInSections,
  waitInSections,
} from '../state/sections.js';
import type { State } from '../state/state.js';
import { parentOf, type Node } from '../text/syntax.js';
import { unknown, type FenceValue, type Value } from '../state/value.js';

/** Names that are looked at more closely: cheap to ask before any type is. */
export const coreMethods: ReadonlySet<string> = new Set([
  'get',
  'put',
  '[Symbol.dispose]',
  'signal',
  'fail',
  'addCallback',
  'removeCallback',
  'wait',
  'poll',
  'enableSignaling',
  'setDeadline',
  'isLaterThan',
  'beginSignalling',
  'signalAfter',
  'emit',
  'createFence',
  'createFenceWith',
  'fenceAt',
  'advanceTo',
  'fence',
  'fences',
  'lock',
  'tryLock',
  'waitSync',
  'singleton',
  'add',
  'replace',
  'addPoint',
  'copyFrom',
  'of',
  'unlock',
  'end',
]);

/** A method of core; undefined when the receiver is none of core's types. */
export function evaluateCoreMethod(
  run: Run,
  node: TSESTree.CallExpression,
  callee: TSESTree.MemberExpression,
  name: string,
  state: State,
  receiver: Value,
): Outcome[] | undefined {
  const fence = asFence(run, receiver, callee.object);
  if (fence !== undefined) return evaluateFenceMethod(run, node, name, state, fence, callee.object);
  if (receiver.kind === 'container' || receiver.kind === 'closure') return undefined;
  const type = run.resolver.typeOf(callee.object);
  if (type === undefined || type.many || type.promise) {
    return isAtomicsWait(callee, name)
      ? evaluateAll(run, node.arguments, state).map(({ state: after }) => {
          blockInSections(run, after, node, 'Atomics.wait');
          return { state: after, value: unknown };
        })
      : undefined;
  }
  if (type.entity === 'FenceOps' || type.entity === 'FenceCallback') return undefined;
  return evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }) =>
    evaluateEntityMethod(run, node, { entity: type.entity, name, state: after, values }),
  );
}

function isAtomicsWait(callee: TSESTree.MemberExpression, name: string): boolean {
  return name === 'wait' && callee.object.type === T.Identifier && callee.object.name === 'Atomics';
}

interface EntityCall {
  readonly entity: Entity;
  readonly name: string;
  readonly state: State;
  readonly values: readonly Value[];
}

function evaluateEntityMethod(
  run: Run,
  node: TSESTree.CallExpression,
  { entity, name, state, values }: EntityCall,
): Outcome[] {
  const text = run.names.sourceCode.getText(node.callee);
  if (name === 'waitSync' || (entity === 'DmaReservation' && name === 'lock')) {
    blockInSections(run, state, node, text);
    run.mayThrow(state, node, 'call');
  }
  if (isWaitMethod(entity, name)) waitInSections(run, state, node, text, []);
  const isContext = entity === 'DmaFenceContext';
  if (name === 'createFence' || name === 'createFenceWith') {
    allocateInSections(run, state, node, text);
    if (name === 'createFenceWith') run.mayThrow(state, node, 'call');
    return createFence(run, node, state, values, isContext);
  }
  for (const [index, value] of values.entries())
    borrowArgument(run, state, value, node.arguments[index] ?? node);
  if (
    entity === 'ReservationLock' ||
    entity === 'ReservationLocks' ||
    entity === 'SignallingSection' ||
    entity === 'AcquireContext'
  ) {
    return [{ state, value: unknown }];
  }
  const type = run.resolver.typeOf(node);
  if (type === undefined) return [{ state, value: unknown }];
  if (type.many) return [{ state, value: { kind: 'many', origin: 'library', path: undefined, node } }];
  if (name === 'lock' || name === 'tryLock') {
    // Under an acquire context the context gives every lock back.
    if (name === 'lock' && node.arguments.length > 0 && !isLiteralUndefined(node.arguments[0]))
      return [{ state, value: unknown }];
    return type.promise
      ? [{ state, value: { kind: 'promise', of: type, call: node } }]
      : resultOfType(run, state, node, type);
  }
  if (type.promise) return [{ state, value: unknown }];
  return isFenceEntity(type.entity) ? resultOfType(run, state, node, type) : [{ state, value: unknown }];
}

function isLiteralUndefined(node: Node | undefined): boolean {
  return node?.type === T.Identifier && node.name === 'undefined';
}

/** `data` is handed over to the fence: the one thing that core takes. */
function createFence(
  run: Run,
  node: TSESTree.CallExpression,
  state: State,
  values: readonly Value[],
  isContext: boolean,
): Outcome[] {
  let states = [state];
  for (const value of values) {
    if (value.kind === 'closure') {
      states = states.flatMap((each) =>
        inline(run, each, value.node, []).map((outcome) => {
          transfer(run, outcome.state, outcome.value, node, { how: 'store', holder: 'data' });
          return outcome.state;
        }),
      );
    } else for (const each of states) transfer(run, each, value, node, { how: 'store', holder: 'data' });
  }
  return states.map((each) => {
    const reference = acquire(run, each, node);
    if (isContext) each.note(reference.object, { created: node });
    return { state: each, value: fenceOf(reference) };
  });
}

/** What core is given it only borrows; a closure it is given may run later. */
export function borrowArgument(run: Run, state: State, value: Value, argument: Node): void {
  const fence = asFence(run, value, argument);
  if (fence !== undefined) {
    use(run, state, fence, argument);
    state.note(fence.object, { published: true });
  } else if (value.kind === 'closure') escape(run, state, value.node, argument, {});
  else if (value.kind === 'container') {
    for (const [key, held] of state.properties)
      if (held.kind === 'fence' && key.startsWith(`${value.id}.`)) use(run, state, held, argument);
  }
}

function evaluateFenceMethod(
  run: Run,
  node: TSESTree.CallExpression,
  name: string,
  before: State,
  fence: FenceValue,
  receiver: Node,
): Outcome[] {
  if (name === 'addCallback') return registerCallback(run, node, before, fence);
  if (name === 'signalAfter') return runWork(run, node, before, fence);
  return evaluateAll(run, node.arguments, before).flatMap(({ state, values }): Outcome[] => {
    switch (name) {
      case 'get':
        return get(run, node, state, fence);
      case 'put':
      case '[Symbol.dispose]':
        put(run, state, fence, node);
        return [{ state, value: unknown }];
      case 'signal':
      case 'fail':
        if (name === 'signal') run.succeeded.add(fence.object);
        signal(run, node, state, fence, receiver);
        return [{ state, value: unknown }];
      case 'beginSignalling':
        use(run, state, fence, node);
        state.note(fence.object, { published: true });
        beginSection(state, { kind: 'own', node, of: fence.object });
        return [{ state, value: { kind: 'guard', reference: `${ownGuard}${fence.object}` } }];
      case 'wait':
        use(run, state, fence, node);
        waitInSections(run, state, node, run.names.sourceCode.getText(node.callee), [fence.object]);
        return [{ state, value: unknown }];
      case 'removeCallback':
        return removeCallback(run, state, values[0]);
      default:
        use(run, state, fence, node);
        for (const [index, value] of values.entries())
          borrowArgument(run, state, value, node.arguments[index] ?? node);
        return [{ state, value: unknown }];
    }
  });
}

function get(run: Run, node: TSESTree.CallExpression, state: State, fence: FenceValue): Outcome[] {
  use(run, state, fence, node);
  const isStatement = parentOf(node)?.type === T.ExpressionStatement;
  const [debt, ...rest] = state.objects.get(fence.object)?.debts ?? [];
  if (isStatement && debt !== undefined) {
    // Stored first, taken after: balanced.
    state.note(fence.object, { debts: rest.length === 0 ? undefined : rest });
    return [{ state, value: unknown }];
  }
  const reference = acquire(run, state, node, { object: fence.object, floating: isStatement });
  if (isStatement) {
    run.report({ kind: 'statement get', node });
    return [{ state, value: unknown }];
  }
  return [{ state, value: { ...fence, reference: reference.id, origin: 'unknown', node } }];
}

function signal(
  run: Run,
  node: TSESTree.CallExpression,
  state: State,
  fence: FenceValue,
  receiver: Node,
): void {
  use(run, state, fence, node);
  const name = run.names.sourceCode.getText(receiver);
  signalInSections(run, state, fence.object, name, node);
  state.note(fence.object, { signaled: node });
  if (!run.signals.has(fence.object)) run.signals.set(fence.object, node);
}

/** A record that is taken off before it ran gives back what its function would have put. */
function removeCallback(run: Run, state: State, value: Value | undefined): Outcome[] {
  if (value?.kind !== 'closure') return [{ state, value: unknown }];
  const names = captured(run, state, value.node);
  const given = [...state.references.values()].filter(
    ({ status, holder, object }) =>
      status === 'moved' && holder === 'callback' && names.some((one) => one.object === object),
  );
  if (given.length === 0) return [{ state, value: unknown }];
  const removed = state.clone();
  for (const { id } of given) removed.update(id, { status: 'owned' });
  return [
    { state: removed, value: { kind: 'constant', value: true } },
    { state, value: { kind: 'constant', value: false } },
  ];
}
