import { type TSESTree, AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { carryAway, escape, inline } from './closures.js';
import { evaluateAll } from './expressions.js';
import { contents, elementIn, hold, isAnonymous, renew, share, unfollow } from './holding.js';
import { acquire, fenceOf, transfer } from '../state/ownership.js';
import type { Outcome, Run } from '../run.js';
import { leakIfLost } from '../control/exits.js';
import { giveBack } from '../control/scopes.js';
import { beginTurn, callOnSlot, endTurn } from '../protocol/slot.js';
import { merged, slotId, type State } from '../state/state.js';
import { ancestors, isFunction, pathOf, unwrapped, type Node } from '../text/syntax.js';
import { nothing, unknown, type Value } from '../state/value.js';

/** Methods that run a function for each element before they return. */
export const iterationMethods: ReadonlySet<string> = new Set([
  'forEach',
  'map',
  'filter',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'flatMap',
  'reduce',
  'sort',
  'toSorted',
]);

const readers: ReadonlySet<string> = new Set([
  'has',
  'includes',
  'indexOf',
  'lastIndexOf',
  'join',
  'keys',
  'entries',
  'size',
  'then',
  'catch',
  'finally',
]);

/** Methods of stacks that take over what they are given. */
export const entrusting: ReadonlySet<string> = new Set(['use', 'adopt', 'defer']);

/** A method of a collection or stack made in this function; undefined when the ordinary rules for calls will do. */
export function containerCall(
  run: Run,
  node: TSESTree.CallExpression,
  state: State,
  id: string,
  name: string,
): Outcome[] | undefined {
  if (id === slotId) {
    const outcomes = callOnSlot(run, node, state, name);
    if (outcomes !== undefined) return outcomes;
  }
  if (name === 'push' || name === 'unshift' || name === 'add' || name === 'set')
    return insert(run, node, state, id, name);
  if (entrusting.has(name)) return entrust(run, node, state, id, name);
  if (name === 'move') {
    for (const reference of state.references.values())
      if (reference.holder === id && reference.status === 'scoped')
        state.update(reference.id, { status: 'moved' });
    return [{ state, value: unknown }];
  }
  if (name === 'dispose' || name === 'disposeAsync' || name === '[Symbol.dispose]') {
    for (const reference of state.references.values())
      if (reference.holder === id && reference.status !== 'put') giveBack(run, state, reference, node);
    return [{ state, value: unknown }];
  }
  if (iterationMethods.has(name) && isFunction(node.arguments[0]))
    return callIteration(run, node, unwrapped(node.callee) as TSESTree.MemberExpression, name, state, {
      kind: 'container',
      id,
    });
  if (name === 'clear') {
    discard(run, state, id, node);
    return [{ state, value: unknown }];
  }
  if (name === 'values') return [{ state, value: { kind: 'container', id } }];
  if (name === 'entries') {
    unfollow(run, state, id);
    for (const reference of contents(state, id)) state.update(reference.id, { status: 'shared', at: node });
  }
  if (readers.has(name)) return undefined;
  return evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }): Outcome[] => {
    // `list.concat([fence.get()])`: it is not followed where that goes.
    for (const [index, value] of values.entries())
      if (value.kind === 'container') share(run, after, value, node.arguments[index] ?? node);
    return takeOut(run, node, after, id, name);
  });
}

function insert(run: Run, node: TSESTree.CallExpression, state: State, id: string, name: string): Outcome[] {
  return evaluateAll(run, node.arguments, state).map(({ state: after, values }) => {
    for (const [index, value] of values.entries()) {
      const argument = node.arguments[index] ?? node;
      if (argument.type === T.SpreadElement || (name === 'set' && index === 0))
        share(run, after, value, argument);
      else {
        // Of a list of functions it is not followed which of them runs, and when.
        if (value.kind === 'closure') carryAway(run, after, value.node, argument);
        hold(run, after, id, value, argument);
      }
    }
    return { state: after, value: name === 'add' || name === 'set' ? { kind: 'container', id } : unknown };
  });
}

/** `DisposableStack`: `use` and `adopt` take the reference over, `defer` runs a function at the end. */
function entrust(run: Run, node: TSESTree.CallExpression, state: State, id: string, name: string): Outcome[] {
  return evaluateAll(run, node.arguments, state).map(({ state: after, values }) => {
    const [value = unknown] = values;
    if (name === 'defer') {
      if (value.kind === 'closure') escape(run, after, value.node, node, {});
      return { state: after, value: unknown };
    }
    const carried = value.kind === 'fence' || value.kind === 'guard' ? value.reference : undefined;
    if (carried !== undefined) {
      const reference = after.references.get(carried);
      if (reference?.status === 'owned') {
        run.consumed.add(reference.site);
        after.update(reference.id, { status: isScoped(node) ? 'scoped' : 'moved', at: node, holder: id });
      } else transfer(run, after, value, node, { how: 'store' });
    } else if (value.kind === 'fence' && name === 'use') transfer(run, after, value, node, { how: 'store' });
    return { state: after, value };
  });
}

/** The same of a stack that somebody else made: what it is given is its own from now on. */
export function entrustElsewhere(run: Run, node: TSESTree.CallExpression, state: State): Outcome[] {
  return evaluateAll(run, node.arguments, state).map(({ state: after, values: [value = unknown] }) => {
    if (value.kind === 'closure') escape(run, after, value.node, node, {});
    else transfer(run, after, value, node, { how: 'store' });
    return { state: after, value };
  });
}

/** Whether the stack is declared with `using` and never moved, so that it ends with its block. */
function isScoped(node: TSESTree.CallExpression): boolean {
  const callee = unwrapped(node.callee);
  const stack = callee.type === T.MemberExpression ? pathOf(callee.object) : undefined;
  for (const outer of ancestors(node)) {
    if (outer.type !== T.BlockStatement) continue;
    for (const statement of outer.body) {
      if (statement.type !== T.VariableDeclaration || !statement.kind.includes('using')) continue;
      if (statement.declarations.some(({ id }) => pathOf(id) === stack)) return true;
    }
  }
  return false;
}

/** A collection made here is emptied without a look: what no other name leads to is lost. */
export function discard(run: Run, state: State, id: string, at: Node): void {
  renew(state, id);
  for (const reference of contents(state, id)) {
    if (run.unfollowed.has(id) || reference.holder !== id) {
      state.update(reference.id, { status: 'shared', at });
      continue;
    }
    const other = state.otherHolder(reference);
    if (other !== undefined) {
      state.update(reference.id, { holder: other });
      continue;
    }
    state.update(reference.id, { status: 'owned', holder: undefined });
    leakIfLost(run, state, fenceOf(reference), at, 'clear');
  }
}

/** What is taken out of a collection made here belongs to whoever took it; which one it was is not followed. */
function takeOut(run: Run, node: TSESTree.CallExpression, state: State, id: string, name: string): Outcome[] {
  const held = contents(state, id);
  const [first] = held;
  const isNext = name === 'pop' || name === 'shift';
  // One reference stands for all of them: none has a name of its own.
  if (first !== undefined && held.length === 1 && isAnonymous(state, id, first)) run.dealtOut.add(id);
  unfollow(run, state, id);
  for (const reference of held) {
    run.consumed.add(reference.site);
    state.update(reference.id, { status: 'shared', at: node });
  }
  if (isNext && run.dealtOut.has(id)) {
    const none = state.clone();
    return [
      { state, value: fenceOf(acquire(run, state, node)) },
      { state: none, value: nothing },
    ];
  }
  const hands = isNext || name === 'get' || name === 'at';
  if (!hands || first?.holder !== id) return [{ state, value: unknown }];
  return [
    { state, value: fenceOf(first) },
    { state: state.clone(), value: nothing },
  ];
}

/** `list.forEach((fence) => …)` and its relatives: the function runs here, for no element or for several. */
export function callIteration(
  run: Run,
  node: TSESTree.CallExpression,
  callee: TSESTree.MemberExpression,
  name: string,
  state: State,
  receiver: Value,
): Outcome[] {
  const [fn, ...rest] = node.arguments;
  if (!isFunction(fn)) return [{ state, value: unknown }];
  return evaluateAll(run, rest, state).flatMap(({ state: before }): Outcome[] => {
    if (receiver.kind === 'container')
      return overContainer(run, node, { fn, name, state: before, id: receiver.id });
    const element = elementOf(run, callee.object, receiver, fn);
    if (fn.async) {
      escape(run, before, fn, node, {});
      return [{ state: before, value: unknown }];
    }
    const parameters = name === 'reduce' ? [unknown, element] : [element];
    const id = resultId(node);
    renew(before, id);
    const once = inline(run, before.clone(), fn, parameters);
    let made: Value = unknown;
    for (const outcome of once) {
      if (name !== 'map' && name !== 'flatMap') share(run, outcome.state, outcome.value, node);
      else if (
        (outcome.value.kind === 'fence' && outcome.value.reference !== undefined) ||
        outcome.value.kind === 'promise'
      ) {
        hold(run, outcome.state, id, outcome.value, node);
        made = { kind: 'container', id };
      } else share(run, outcome.state, outcome.value, node);
    }
    // A `map` whose function takes references is followed as if it ran at least once: the empty list owns nothing.
    const states =
      made.kind === 'container'
        ? once.map((outcome) => outcome.state)
        : merged([before, ...once.map((outcome) => outcome.state)]);
    return states.map((each) => ({ state: each, value: made }));
  });
}

/** What a call makes is another container than the literal it may begin with: `[a].map(…)`. */
function resultId(node: Node): string {
  return `c${String(node.range[0])}:${String(node.range[1])}`;
}

/** An element as the function of `forEach` sees it: lent by whoever owns the collection. */
function elementOf(
  run: Run,
  object: Node,
  receiver: Value,
  fn: TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression | TSESTree.FunctionDeclaration,
): Value {
  const node = fn.params[0] ?? fn;
  if (receiver.kind === 'many')
    return {
      kind: 'fence',
      object: `e${String(node.range[0])}`,
      reference: undefined,
      origin: receiver.origin === 'library' ? 'library' : 'unknown',
      path: undefined,
      node,
      checked: false,
    };
  const type = run.resolver.typeOf(object);
  if (type?.many !== true) return unknown;
  return {
    kind: 'fence',
    object: `e${String(node.range[0])}`,
    reference: undefined,
    origin: type.brand === 'borrowed' ? 'library' : 'unknown',
    path: undefined,
    node,
    checked: false,
  };
}

function overContainer(
  run: Run,
  node: TSESTree.CallExpression,
  { fn, name, state, id }: { fn: Parameters<typeof inline>[2]; name: string; state: State; id: string },
): Outcome[] {
  const held = contents(state, id);
  const [first] = held;
  if (first === undefined || fn.async) {
    const outcomes = fn.async ? [] : inline(run, state.clone(), fn, [unknown]);
    for (const outcome of outcomes) share(run, outcome.state, outcome.value, node);
    if (fn.async) escape(run, state, fn, node, {});
    return merged([state, ...outcomes.map((outcome) => outcome.state)]).map((each) => ({
      state: each,
      value: unknown,
    }));
  }
  renew(state, resultId(node));
  const target = fn.params[name === 'reduce' ? 1 : 0];
  const element =
    id === slotId ? beginTurn(run, state, node, target) : elementIn(run, state, id, held, target);
  const outcomes = inline(run, state, fn, name === 'reduce' ? [unknown, element] : [element]);
  return outcomes.map(({ state: after, value }) => {
    const isGivenBack = value.kind === 'fence' && held.some((one) => one.id === value.reference);
    if (id === slotId) endTurn(run, after, node, false);
    else if (element.kind === 'fence')
      settle(after, held, isGivenBack && (name === 'map' || name === 'flatMap'));
    if (id !== slotId)
      forgetDrained(
        outcomes.map((outcome) => outcome.state),
        held,
        name === 'forEach',
      );
    if (isGivenBack || name === 'filter' || name === 'find' || name === 'sort') {
      unfollow(run, state, id);
      for (const one of held)
        if (after.references.get(one.id)?.status === 'held') after.update(one.id, { status: 'shared' });
    }
    const isMade = !isGivenBack && (name === 'map' || name === 'flatMap');
    const isTaken = value.kind === 'promise' || (value.kind === 'fence' && value.reference !== undefined);
    if (!isMade || !isTaken) return { state: after, value: unknown };
    const made = resultId(node);
    hold(run, after, made, value, node);
    return { state: after, value: { kind: 'container', id: made } };
  });
}

/** Of a collection whose elements were put on some paths only, or perhaps not all, it is not said that they are gone. */
export function forgetDrained(
  states: readonly State[],
  held: readonly { id: string }[],
  isWhole = false,
): void {
  const isGone = (state: State): boolean =>
    held.every(({ id }) => (state.references.get(id)?.status ?? 'put') === 'put');
  if (isWhole && states.every((state) => isGone(state))) return;
  for (const state of states)
    for (const { id } of held)
      if (state.references.get(id)?.status === 'put') state.update(id, { holder: undefined });
}

/** What happened to one element happened to all of them. */
export function settle(
  state: State,
  held: readonly { id: string; object: string }[],
  isShared = false,
): void {
  const [first, ...others] = held;
  if (first === undefined) return;
  const { status = 'put' as const, at } = state.references.get(first.id) ?? {};
  if (status === 'held') return;
  for (const { id } of others) state.update(id, { status: isShared ? 'shared' : status, ...(at && { at }) });
}
