import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Contract } from '../types/resolver.js';
import { isFenceEntity } from '../types/vocabulary.js';
import { evaluateCoreFunction, evaluateCoreNew } from './core-functions.js';
import { escape, inline } from './closures.js';
import { branch } from './conditions.js';
import { containerCall, iterationMethods, callIteration } from './containers.js';
import { collapse, evaluate, evaluateAll, resultOfType } from './expressions.js';
import { coreMethods, evaluateCoreMethod } from './core-methods.js';
import { evaluateGuardCall } from './guards.js';
import { asFence, share, transfer, use } from './ownership.js';
import type { Outcome, Run } from './run.js';
import { allocateInSections, blockInSections } from './sections.js';
import type { State } from './state.js';
import {
  isFunction,
  memberName,
  pathOf,
  unwrapped,
  type CallNode,
  type FunctionNode,
  type Node,
} from './syntax.js';
import { nothing, unknown, type Value } from './value.js';

/** A call of any kind. */
export function evaluateCall(run: Run, node: TSESTree.CallExpression, state: State): Outcome[] {
  const callee = unwrapped(node.callee);
  if (callee.type === T.MemberExpression) return evaluateMethodCall(run, node, callee, state);
  if (isFunction(callee)) return callFunction(run, node, callee, state);
  if (callee.type === T.Identifier) {
    const exported =
      run.names.importOf(callee) === undefined && run.names.functionNamed(callee) !== undefined
        ? undefined
        : run.resolver.exportedName(callee);
    if (exported !== undefined) return evaluateCoreFunction(run, node, exported, state);
    const value = [...evaluate(run, callee, state)].at(0)?.value;
    if (value?.kind === 'closure' && !value.record) return callFunction(run, node, value.node, state);
  }
  return evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }) =>
    evaluateUnknownCall(run, node, after, values),
  );
}

/** `new X(…)`. */
export function evaluateNew(run: Run, node: TSESTree.NewExpression, state: State): Outcome[] {
  return collapse(
    evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }): Outcome[] => {
      return evaluateCoreNew(run, node, after, values) ?? constructUnknown(run, node, after, values);
    }),
  );
}

function constructUnknown(
  run: Run,
  node: TSESTree.NewExpression,
  state: State,
  values: readonly Value[],
): Outcome[] {
  const contract = run.resolver.contract(node);
  const summary = run.summaries.ofCallee(contract?.declaration ?? run.summaries.constructorOf(node));
  noteTags(run, state, node, contract);
  run.mayThrow(state, node, 'call');
  for (const [index, value] of values.entries()) {
    const said = contract?.parameter(index) ?? summary?.parameter(index);
    const argument = node.arguments[index] ?? node;
    if (said === 'always') give(run, state, value, argument);
    else if (said === 'borrows') lend(run, state, value, argument, contract, index);
    else share(run, state, asFence(run, value, argument) ?? value, argument);
  }
  const type = run.resolver.typeOf(node);
  if (type !== undefined && isFenceEntity(type.entity)) return resultOfType(run, state, node, type);
  return [{ state, value: unknown }];
}

/** A function of this file whose body is known: run where it is called if it is local to this function, else summarised. */
function callFunction(
  run: Run,
  node: TSESTree.CallExpression,
  target: FunctionNode,
  state: State,
): Outcome[] {
  return evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }): Outcome[] => {
    const isLocal =
      target.range[0] > run.root.range[0] &&
      target.range[1] <= run.root.range[1] &&
      run.root.type !== T.Program;
    const isAwaited =
      node.parent.type === T.AwaitExpression || (node.parent.type === T.ReturnStatement && target.async);
    if (isLocal && !target.generator && !run.inlined.includes(target) && run.inlined.length < 4) {
      if (!target.async || isAwaited) {
        const contract = run.resolver.contract(node);
        if (contract?.tags !== undefined) return evaluateUnknownCall(run, node, after, values);
        return inline(run, after, target, values);
      }
      escape(run, after, target, node, { outlives: true });
      for (const value of values) share(run, after, value, node);
      return [{ state: after, value: unknown }];
    }
    return evaluateUnknownCall(run, node, after, values, target);
  });
}

function evaluateMethodCall(
  run: Run,
  node: TSESTree.CallExpression,
  callee: TSESTree.MemberExpression,
  state: State,
): Outcome[] {
  const name = memberName(callee);
  const exported = isNamespaceMember(run, callee)
    ? (run.resolver.exportedName(callee.property) ?? run.resolver.exportedName(callee))
    : undefined;
  if (exported !== undefined) return evaluateCoreFunction(run, node, exported, state);
  const receivers = evaluate(run, callee.object, state).flatMap((outcome) =>
    callee.computed && name === undefined
      ? evaluate(run, callee.property, outcome.state).map((one) => ({
          state: one.state,
          value: outcome.value,
        }))
      : [outcome],
  );
  return receivers.flatMap(({ state: at, value: receiver }): Outcome[] => {
    if (receiver.kind === 'nothing') return isOptional(node) ? [{ state: at, value: nothing }] : [];
    const isPossiblyMissing =
      callee.optional &&
      (receiver.kind === 'unknown' || (receiver.kind === 'fence' && receiver.reference === undefined));
    if (!isPossiblyMissing) return callOn(run, node, callee, name, at, receiver);
    const { yes, no } = branch(run, callee.object, at);
    return [
      ...no.map((each) => ({ state: each, value: nothing })),
      ...yes.flatMap((each) => callOn(run, node, callee, name, each, receiver)),
    ];
  });
}

function isNamespaceMember(run: Run, callee: TSESTree.MemberExpression): boolean {
  return callee.object.type === T.Identifier && run.names.importOf(callee.object)?.name === '*';
}

function isOptional(node: TSESTree.CallExpression): boolean {
  for (let inner: Node = node; ;) {
    if (inner.type === T.CallExpression) {
      if (inner.optional) return true;
      inner = inner.callee;
    } else if (inner.type === T.MemberExpression) {
      if (inner.optional) return true;
      inner = inner.object;
    } else if (unwrapped(inner) !== inner) inner = unwrapped(inner);
    else return false;
  }
}

function callOn(
  run: Run,
  node: TSESTree.CallExpression,
  callee: TSESTree.MemberExpression,
  name: string | undefined,
  state: State,
  receiver: Value,
): Outcome[] {
  forgetReceiver(run, state, callee, name, node);
  if (receiver.kind === 'guard') return evaluateGuardCall(run, node, state, receiver, name);
  if (receiver.kind === 'container' && name !== undefined) {
    const outcomes = containerCall(run, node, state, receiver.id, name);
    if (outcomes !== undefined) return outcomes;
  }
  if (name !== undefined && coreMethods.has(name)) {
    const outcomes = evaluateCoreMethod(run, node, callee, name, state, receiver);
    if (outcomes !== undefined) return outcomes;
  }
  if (name !== undefined && iterationMethods.has(name) && isFunction(node.arguments[0])) {
    return callIteration(run, node, callee, name, state, receiver);
  }
  if (callee.object.type === T.ThisExpression && name !== undefined) {
    const method = run.summaries.methodOf(node, name);
    if (method !== undefined)
      return evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }) =>
        evaluateUnknownCall(run, node, after, values, method),
      );
  }
  return evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }) =>
    evaluateUnknownCall(run, node, after, values, undefined, receiver),
  );
}

/** A method may change what lies under its receiver. */
function forgetReceiver(
  run: Run,
  state: State,
  callee: TSESTree.MemberExpression,
  name: string | undefined,
  node: Node,
): void {
  const path = pathOf(callee.object);
  if (path === undefined || name === 'get') return;
  if (path === 'this') state.facts.forgetWhere((read) => run.summaries.isMutableField(read, node));
  else state.facts.forgetWhere((read) => read.startsWith(`${path}.`));
}

/** Names of methods that keep what they are given, on the language's own collections. */
const sinks: ReadonlySet<string> = new Set(['push', 'unshift', 'add', 'set', 'splice', 'fill', 'enqueue']);

/** Calls that run a function later, when this one is over. */
const later =
  /^(?:setTimeout|setInterval|setImmediate|queueMicrotask|requestAnimationFrame|requestIdleCallback|nextTick)$/;

/** A call of something outside core. */
export function evaluateUnknownCall(
  run: Run,
  node: TSESTree.CallExpression,
  state: State,
  values: readonly Value[],
  target?: Node,
  receiver?: Value,
): Outcome[] {
  const contract = run.resolver.contract(node);
  if (contract?.never === true) return [];
  const callee = unwrapped(node.callee);
  const name =
    callee.type === T.MemberExpression
      ? memberName(callee)
      : callee.type === T.Identifier
        ? callee.name
        : undefined;
  const isQuiet =
    contract?.builtin === true ? name !== 'parse' : contract?.ours === true || isConsole(callee);
  noteTags(run, state, node, contract);
  if (!isQuiet) run.mayThrow(state, node, 'call');
  const summary =
    contract?.tags === undefined ? run.summaries.ofCallee(target ?? contract?.declaration) : undefined;
  if (summary?.blocks === true) blockInSections(run, state, node, name ?? 'the function');
  if (contract?.asserts !== undefined) {
    const argument = node.arguments[contract.asserts];
    if (argument !== undefined)
      return branch(run, argument, state).yes.map((each) => ({ state: each, value: unknown }));
  }
  const conditional: { value: Value; argument: Node; when: boolean }[] = [];
  for (const [index, raw] of values.entries()) {
    const argument = node.arguments[index] ?? node;
    const value = raw.kind === 'fence' || raw.kind === 'unknown' ? (asFence(run, raw, argument) ?? raw) : raw;
    const said = contract?.parameter(index) ?? summary?.parameter(index);
    if (said === 'always') give(run, state, value, argument);
    else if (said === 'when true' || said === 'when false')
      conditional.push({ value, argument, when: said === 'when true' });
    else if (said === 'maybe') share(run, state, value, argument);
    else if (isResolve(name)) {
      transfer(run, state, value, argument, { how: 'return' });
    } else if (value.kind === 'closure') {
      escape(run, state, value.node, node, { outlives: name !== undefined && later.test(name) });
    } else if (sinks.has(name ?? '') && contract?.builtin === true && callee.type === T.MemberExpression) {
      keep(run, state, callee, value, argument, index);
    } else lend(run, state, value, argument, contract, index);
  }
  run.limit(conditional);
  return results(run, node, state, { contract, summary, values, conditional, receiver, name });
}

function isConsole(callee: Node): boolean {
  return (
    callee.type === T.MemberExpression &&
    callee.object.type === T.Identifier &&
    callee.object.name === 'console'
  );
}

function isResolve(name: string | undefined): boolean {
  return name === 'resolve';
}

/** `list.push(fence)` on a collection that outlives this function. */
function keep(
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
    return;
  }
  const isKey = name === 'set' && index === 0;
  if (isKey || (name === 'splice' && index < 2)) {
    share(run, state, value, argument);
    return;
  }
  if (value.kind === 'fence') {
    state.note(
      value.object,
      type?.entity === 'DmaFence' ? { published: true } : { published: true, producerElsewhere: true },
    );
  }
  transfer(run, state, value, argument, { how: 'store', holder: pathOf(callee.object) });
}

/** An argument whose reference the callee takes over. */
function give(run: Run, state: State, value: Value, argument: Node): void {
  if (value.kind === 'fence') state.note(value.object, { published: true, producerElsewhere: true });
  if (value.kind === 'closure') escape(run, state, value.node, argument, { outlives: true });
  else transfer(run, state, value, argument, { how: 'argument' });
}

/** An argument that the callee looks at; where nothing is known of it, it may do more than that. */
function lend(
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
  if (contract?.ours === true || contract?.builtin === true) return;
  const isDeclared = contract?.parameterType(index) !== undefined || contract?.parameter(index) === 'borrows';
  const isKnown = run.resolver.typed ? isDeclared : contract?.declaration !== undefined;
  if (
    !isKnown ||
    run.options.unknownCallee === 'escape' ||
    value.kind === 'container' ||
    value.kind === 'guard'
  )
    share(run, state, value, argument);
}

function noteTags(run: Run, state: State, node: CallNode, contract: Contract | undefined): void {
  const text = run.names.sourceCode.getText(node.callee);
  if (contract?.tags?.blocks === true) blockInSections(run, state, node, text);
  if (contract?.tags?.allocates === true) allocateInSections(run, state, node, text);
}

interface Callee {
  readonly contract: Contract | undefined;
  readonly summary: ReturnType<Run['summaries']['ofCallee']>;
  readonly values: readonly Value[];
  readonly conditional: readonly { value: Value; argument: Node; when: boolean }[];
  readonly receiver: Value | undefined;
  readonly name: string | undefined;
}

function results(run: Run, node: TSESTree.CallExpression, state: State, callee: Callee): Outcome[] {
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
  { contract, summary, values, receiver, name }: Callee,
): Outcome[] {
  const callee = unwrapped(node.callee);
  const path = callee.type === T.MemberExpression ? pathOf(callee.object) : undefined;
  if (path !== undefined && name !== undefined && /^(?:shift|pop|splice|delete|clear|set)$/.test(name)) {
    run.assigned.add(path);
    for (const known of [...state.paths.keys()]) if (known.startsWith(path)) state.paths.delete(known);
  }
  const type = run.resolver.typeOf(node);
  if (type === undefined)
    return [
      { state, value: summary?.returns === 'parameter' ? (values[summary.returned] ?? unknown) : unknown },
    ];
  if (type.promise) {
    if (type.many || summary?.returns === 'borrowed' || contract?.tags?.borrowed === true)
      return [{ state, value: unknown }];
    const brand = contract?.generic === true || contract?.builtin === true ? 'borrowed' : type.brand;
    return brand === 'borrowed'
      ? [{ state, value: unknown }]
      : [{ state, value: { kind: 'promise', of: type, call: node } }];
  }
  if (type.many) {
    const isLent = type.brand === 'borrowed' || contract?.tags?.borrowed === true;
    return [{ state, value: isLent ? { kind: 'many', origin: 'library', path: undefined, node } : unknown }];
  }
  if (!isFenceEntity(type.entity)) return [{ state, value: unknown }];
  if (contract?.tags?.borrowed === true)
    return resultOfType(run, state, node, { ...type, brand: 'borrowed' });
  const isAcquired = type.brand === 'owned' || contract?.tags?.acquires === true;
  if (!isAcquired && type.brand !== 'borrowed') {
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
  return [
    { state, value: { kind: 'fence', object, reference: undefined, origin, path, node, checked: true } },
  ];
}
