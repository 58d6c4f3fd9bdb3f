import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import type { Contract } from '../../types/resolver.js';
import { isFenceEntity } from '../../types/vocabulary.js';
import { give, isResolve, keep, lend } from './arguments.js';
import { results } from './call-results.js';
import { isReleasingName } from '../judgement/evidence.js';
import { fateOf } from '../text/answers.js';
import { captureInClass, escape, inline, noteLaterUses } from '../values/closures.js';
import { branch } from '../control/conditions.js';
import {
  callIteration,
  containerCall,
  entrustElsewhere,
  entrusting,
  iterationMethods,
} from '../values/containers.js';
import { isConsole } from '../checks/throwing.js';
import { evaluateCoreFunction, evaluateCoreNew } from './core-functions.js';
import { borrowArgument, coreMethods, evaluateCoreMethod } from './core-methods.js';
import { collapse, evaluate, evaluateAll } from '../values/expressions.js';
import { evaluateGuardCall } from './guards.js';
import { contents, share } from '../values/holding.js';
import { asFence, transfer, use } from '../state/ownership.js';
import { giveUp, shareOfPlace } from '../protocol/slot.js';
import { isPrivate } from '../text/classes.js';
import { isGlobalName } from '../text/names.js';
import { resultOfType } from './results.js';
import type { Outcome, Run } from '../run.js';
import { allocateInSections, blockInSections } from '../state/sections.js';
import type { State } from '../state/state.js';
import {
  type CallNode,
  type FunctionNode,
  isFunction,
  isPutName,
  memberName,
  type Node,
  pathOf,
  unwrapped,
} from '../text/syntax.js';
import type { Summary } from '../judgement/summaries.js';
import { isOwner, nothing, unknown, type Value } from '../state/value.js';

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
  const callee = unwrapped(node.callee);
  if (callee.type === T.ClassExpression) captureInClass(run, state, callee);
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
  const summary = values.some(isOwner)
    ? run.summaries.ofCallee(contract?.declaration ?? run.summaries.constructorOf(node))
    : undefined;
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
  const isFence = type !== undefined && !type.many && !type.promise && isFenceEntity(type.entity);
  return isFence ? resultOfType(run, state, node, type) : [{ state, value: unknown }];
}

/** A function of this file whose body is known: run where it is called if it is local to this function, else summarised. */
function callFunction(
  run: Run,
  node: TSESTree.CallExpression,
  target: FunctionNode,
  state: State,
  receiver?: Value,
): Outcome[] {
  if (run.place?.touching.has(target) === true) return callTouching(run, node, target, state);
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
        return inline(run, after, target, values, receiver);
      }
      escape(run, after, target, node, { outlives: true });
      for (const value of values) share(run, after, value, node);
      return [{ state: after, value: unknown }];
    }
    if (isPart(run, node, target, isAwaited) && values.some((value) => isOfMany(after, value)))
      return runHelper(run, after, target, values);
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
      (receiver.kind === 'unknown' ||
        (receiver.kind === 'fence' &&
          receiver.reference === undefined &&
          at.referencesOn(receiver.object).length === 0));
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
  useReceiver(run, node, callee, state, receiver);
  if (receiver.kind === 'guard') return evaluateGuardCall(run, node, state, receiver, name);
  if (receiver.kind === 'container' && name !== undefined) {
    const method = state.properties.get(`${receiver.id}.${name}`);
    if (method?.kind === 'closure' && !method.record)
      return callFunction(run, node, method.node, state, receiver);
    const outcomes = containerCall(run, node, state, receiver.id, name);
    if (outcomes !== undefined) return outcomes;
  }
  if (name === 'all' && isGlobalName(run.names, callee.object, 'Promise'))
    return evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }) => {
      const [list] = values;
      // A list of promises that was made here: `await` finds in it what they were for.
      return list?.kind === 'container' && holdsPromises(after, list.id)
        ? [{ state: after, value: list }]
        : evaluateUnknownCall(run, node, after, values);
    });
  if (name !== undefined && entrusting.has(name) && isStack(run, callee.object))
    return entrustElsewhere(run, node, state);
  if (name !== undefined && coreMethods.has(name)) {
    const outcomes = evaluateCoreMethod(run, node, callee, name, state, receiver);
    if (outcomes !== undefined) return outcomes;
  }
  if (name !== undefined && iterationMethods.has(name) && isFunction(node.arguments[0])) {
    return callIteration(run, node, callee, name, state, receiver);
  }
  if (callee.object.type === T.ThisExpression && name !== undefined) {
    const method = run.summaries.methodOf(node, name);
    if (method !== undefined && run.place?.touching.has(method) === true)
      return callTouching(run, node, method, state);
    if (method !== undefined)
      return evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }) =>
        isHelper(run, node, method)
          ? runHelper(run, after, method, values)
          : evaluateUnknownCall(run, node, after, values, method),
      );
  }
  return evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }) =>
    evaluateUnknownCall(run, node, after, values, undefined, receiver),
  );
}

/** A function that uses the place which the run is about: it does so where it is called. */
function callTouching(
  run: Run,
  node: TSESTree.CallExpression,
  target: FunctionNode,
  state: State,
): Outcome[] {
  return evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }): Outcome[] => {
    const isNow = !target.async || node.parent.type === T.AwaitExpression;
    const isRunning = target === run.root || run.inlined.includes(target);
    const isFollowed = isNow && !target.generator && !isRunning && run.inlined.length < 4;
    if (isFollowed) return runHelper(run, after, target, values);
    giveUp(run, after);
    return evaluateUnknownCall(run, node, after, values, target);
  });
}

/** A method of a declared resource needs it alive; some take it over. */
function useReceiver(
  run: Run,
  node: TSESTree.CallExpression,
  callee: TSESTree.MemberExpression,
  state: State,
  receiver: Value,
): void {
  if (isPutName(memberName(callee)) || (receiver.kind !== 'fence' && receiver.kind !== 'unknown')) return;
  const effect = run.resolver.receiverEffect(callee);
  const resource = effect && asFence(run, receiver, callee.object);
  if (resource === undefined) return;
  if (effect === 'take') transfer(run, state, resource, node, { how: 'argument' });
  else use(run, state, resource, node);
}

/** A private method that puts or fills a field is part of what its callers do. */
function isHelper(run: Run, node: TSESTree.CallExpression, method: FunctionNode): boolean {
  if (run.probing || method.generator || run.inlined.length >= 2 || run.inlined.includes(method))
    return false;
  if (method.async && node.parent.type !== T.AwaitExpression) return false;
  const member = method.parent;
  if (member.type !== T.MethodDefinition || !isPrivate(member)) return false;
  return run.summaries.fillsFields(method) && run.resolver.contract(node)?.tags === undefined;
}

/** Whether a function of the file may be run where it is called. */
function isPart(run: Run, node: TSESTree.CallExpression, target: FunctionNode, isAwaited: boolean): boolean {
  if (run.resolver.contract(node)?.tags !== undefined) return false;
  const isRunning = target === run.root || run.inlined.includes(target);
  return (
    !run.probing && !isRunning && run.inlined.length < 2 && !target.generator && (!target.async || isAwaited)
  );
}

/** A record or a list with references, or a function: what becomes of that is more than one word can say. */
function isOfMany(state: State, value: Value): boolean {
  if (value.kind === 'closure') return !value.record;
  return value.kind === 'container' && contents(state, value.id).length > 0;
}

/** What is wrong in the helper itself is said where it is looked at by itself. */
function runHelper(run: Run, state: State, method: FunctionNode, values: readonly Value[]): Outcome[] {
  run.helpers += 1;
  try {
    return inline(run, state, method, values, run.receiver);
  } finally {
    run.helpers -= 1;
  }
}

function holdsPromises(state: State, id: string): boolean {
  for (const [key, value] of state.properties)
    if (value.kind === 'promise' && key.startsWith(`${id}.`)) return true;
  return false;
}

function isStack(run: Run, node: Node): boolean {
  return /^(?:Async)?DisposableStack$/.test(run.resolver.typeName(node) ?? '');
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

/** Methods of the language's own collections whose result has what they are given. */
const copying: ReadonlySet<string> = new Set(['with', 'concat', 'toSpliced']);

/** Names of methods that keep what they are given, on the language's own collections. */
const sinks: ReadonlySet<string> = new Set([
  'push',
  'unshift',
  'add',
  'set',
  'splice',
  'fill',
  'enqueue',
  'register',
]);

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
    contract?.builtin === true
      ? name !== 'parse'
      : contract?.ours === true || isConsole(callee) || mayBeOurs(run, name);
  // Who has the object may call any of its functions.
  if (node.arguments.some((one) => unwrapped(one).type === T.ThisExpression)) giveUp(run, state);
  noteTags(run, state, node, contract);
  const asserted = contract?.asserts === undefined ? undefined : node.arguments[contract.asserts];
  if (asserted !== undefined) {
    const { yes, no } = branch(run, asserted, state);
    // It throws where the condition is false, and nowhere else.
    if (!isQuiet) for (const each of no) run.mayThrow(each, node, 'call');
    return yes.map((each) => ({ state: each, value: unknown }));
  }
  if (!isQuiet && run.summaries.throws(target ?? contract?.declaration) !== false)
    run.mayThrow(state, node, 'call');
  const body = contract?.tags === undefined ? (target ?? contract?.declaration) : undefined;
  // A function's body is looked into where its answer matters, and not for every call of a helper.
  const summary = (): Summary | undefined => run.summaries.ofCallee(body);
  if (state.sections.length > 0 && run.summaries.blocks(body))
    blockInSections(run, state, node, name ?? 'the function');
  const conditional: { value: Value; argument: Node; when: boolean }[] = [];
  for (const [index, raw] of values.entries()) {
    const argument = node.arguments[index] ?? node;
    const value = argumentOf(run, raw, argument);
    const said = contract?.parameter(index) ?? (isOwner(value) ? summary()?.parameter(index) : undefined);
    if (said === 'always') give(run, state, value, argument);
    else if (said === 'when true' || said === 'when false')
      conditional.push({ value, argument, when: said === 'when true' });
    else if (said === 'maybe') share(run, state, value, argument);
    else if (isResolve(name)) {
      transfer(run, state, value, argument, { how: 'return' });
    } else if (value.kind === 'closure') {
      if (runsLater(run, node, name)) noteLaterUses(run, state, value.node);
      escape(run, state, value.node, node, { outlives: name !== undefined && later.test(name) });
      if (contract?.builtin !== true && contract?.ours !== true && isDecided(run, node))
        for (const { id, at, status } of state.references.values())
          if (status === 'moved' && at === node) state.update(id, { status: 'shared' });
    } else if (sinks.has(name ?? '') && contract?.builtin === true && callee.type === T.MemberExpression) {
      keep(run, state, callee, value, argument, index);
    } else if (copying.has(name ?? '') && contract?.builtin === true) share(run, state, value, argument);
    else if (isContinuation(run, callee, argument)) share(run, state, value, argument);
    else if (said === 'borrows' && value.kind === 'container') borrowArgument(run, state, value, argument);
    else {
      // `pool.put(held)`, of which nothing more is known: what a place had may be given back there.
      if (body === undefined && name !== undefined && isReleasingName(name)) shareOfPlace(state, value);
      lend(run, state, value, argument, contract, index);
    }
  }
  run.limit(conditional);
  return results(run, node, state, { contract, summary, values, conditional, receiver, name });
}

/** Whether a function given to a call runs when this one is over or waits, and nobody here waits for it. */
function runsLater(run: Run, node: TSESTree.CallExpression, name: string | undefined): boolean {
  if (name === undefined || run.resolver.contract(node)?.builtin !== true) return false;
  const isContinued = name === 'then' || name === 'catch' || name === 'finally';
  if (!isContinued && !later.test(name)) return false;
  const fate = fateOf(run.names, node);
  return !isContinued || fate === 'dropped' || fate === 'void';
}

/** An argument as what it turns out to be: a name that was taken for a fence until its type is asked may be none. */
function argumentOf(run: Run, value: Value, argument: Node): Value {
  if (value.kind !== 'fence' && value.kind !== 'unknown') return value;
  return asFence(run, value, argument) ?? unknown;
}

/** Where there are no types, a call that is named like core's may well be core's. */
function mayBeOurs(run: Run, name: string | undefined): boolean {
  return !run.resolver.typed && name !== undefined && coreMethods.has(name);
}

function noteTags(run: Run, state: State, node: CallNode, contract: Contract | undefined): void {
  const text = run.names.sourceCode.getText(node.callee);
  if (contract?.tags?.blocks === true) blockInSections(run, state, node, text);
  if (contract?.tags?.allocates === true) allocateInSections(run, state, node, text);
}

/** Whether something is decided by what a call answers: `if (!start(() => ref.put())) ref.put();`. */
function isDecided(run: Run, node: Node): boolean {
  const { parent } = node;
  switch (parent?.type) {
    case T.UnaryExpression:
      return parent.operator === '!';
    case T.IfStatement:
    case T.ConditionalExpression:
      return parent.test === node;
    case T.LogicalExpression:
      return parent.left === node;
    case T.VariableDeclarator: {
      const variable = parent.id.type === T.Identifier ? run.names.variable(parent.id) : undefined;
      return (
        variable?.references.some(
          ({ identifier }) => identifier !== parent.id && isDecided(run, identifier),
        ) === true
      );
    }
    default:
      return false;
  }
}

/** A function that was kept until now: `waiters.shift()` wants what it is called with; of others, what was taken for them. */
function isContinuation(run: Run, callee: Node, argument: Node): boolean {
  if (callee.type !== T.Identifier) return false;
  const declarator = run.names.variable(callee)?.defs[0]?.node;
  if (declarator?.type !== T.VariableDeclarator || !declarator.init) return false;
  const kept = unwrapped(declarator.init);
  if (kept.type !== T.CallExpression) return false;
  const from = unwrapped(kept.callee);
  const how = from.type === T.MemberExpression ? memberName(from) : undefined;
  return how === 'shift' || how === 'pop' || unwrapped(argument).type === T.CallExpression;
}
