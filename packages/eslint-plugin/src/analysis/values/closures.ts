import { type TSESTree, AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { fateOf } from '../text/answers.js';
import { bind } from './assignments.js';
import { evaluate, evaluateAll } from './expressions.js';
import { share } from './holding.js';
import { asFence, oweContents, use } from '../state/ownership.js';
import type { ClassNode } from '../text/classes.js';
import { completion, type Outcome, type Run } from '../run.js';
import { leaveScope, scopeOf } from '../control/scopes.js';
import { carryOff, giveUp } from '../protocol/slot.js';
import type { OpenSection, State } from '../state/state.js';
import { executeBlock } from '../control/statements.js';
import {
  type FunctionNode,
  isFunction,
  isPutName,
  isWithin,
  memberName,
  type Node,
  parentOf,
  unwrapped,
} from '../text/syntax.js';
import { constant, unknown, type FenceValue, type Value } from '../state/value.js';

/** Runs a function where it is called: its parameters get the arguments, its paths become the caller's. */
export function inline(
  run: Run,
  state: State,
  fn: FunctionNode,
  values: readonly Value[],
  receiver?: Value,
): Outcome[] {
  run.step();
  if (run.inlined.includes(fn) || run.inlined.length >= 4) return [{ state, value: unknown }];
  run.inlined.push(fn);
  const outer = run.receiver;
  // An arrow function has the `this` of the function around it.
  if (fn.type !== T.ArrowFunctionExpression) {
    run.receiver = receiver;
    if (receiver !== undefined) forgetThis(state);
  }
  const before = run.fresh;
  run.fresh = new Set();
  try {
    const done = runBody(run, state, fn, values);
    for (const abrupt of done.throws) run.thrown.push(abrupt);
    const outcomes = [
      ...done.normal.map((each) => ({ state: each, value: unknown })),
      ...done.returns.map((abrupt) => ({ state: abrupt.state, value: abrupt.value ?? unknown })),
    ];
    if (receiver !== undefined) for (const outcome of outcomes) forgetThis(outcome.state);
    return outcomes;
  } finally {
    run.receiver = outer;
    run.inlined.pop();
    for (const id of run.fresh) before.add(id);
    run.fresh = before;
  }
}

/** Facts go by the text of what they speak of, and `this` is another object in there. */
function forgetThis(state: State): void {
  state.facts.forgetWhere((path) => path === 'this' || path.startsWith('this.'));
}

function runBody(
  run: Run,
  state: State,
  fn: FunctionNode,
  values: readonly Value[],
): ReturnType<typeof completion> {
  for (const [index, parameter] of fn.params.entries()) {
    const target = parameter.type === T.TSParameterProperty ? parameter.parameter : parameter;
    if (target.type === T.RestElement) continue;
    bind(run, state, target, values[index] ?? unknown, target, target);
  }
  if (fn.body.type === T.BlockStatement)
    return leaveScope(run, executeBlock(run, fn.body.body, [state], fn.body), fn);
  const outer = run.thrown;
  run.thrown = [];
  const done = completion();
  for (const outcome of evaluate(run, fn.body, state))
    done.returns.push({ state: outcome.state, node: fn.body, how: 'return', value: outcome.value });
  done.throws.push(...run.thrown);
  run.thrown = outer;
  return leaveScope(run, done, fn);
}

interface Effects {
  /** References that the function puts or gives away on every path. */
  readonly released: ReadonlySet<string>;
  /** References that it does so on some path. */
  readonly maybe: ReadonlySet<string>;
}

/** What a function that runs later will do to the references that are here now. */
function effects(
  run: Run,
  state: State,
  fn: FunctionNode,
  { values = [], section }: { values?: readonly Value[]; section?: OpenSection | undefined } = {},
): Effects {
  const released = new Set<string>();
  const maybe = new Set<string>();
  if (run.inlined.includes(fn) || run.inlined.length >= 4) return { released, maybe };
  const clone = state.clone();
  giveUp(run, clone);
  clone.sections = section === undefined ? [] : [section];
  clone.ended = undefined;
  // Of two functions that are given away, perhaps only one ever runs: `then(put, put)`.
  for (const { id, status, holder } of state.references.values())
    if (status === 'moved' && holder === 'callback') clone.update(id, { status: 'shared' });
  const { catchDepth, thrown } = run;
  run.catchDepth = 0;
  run.thrown = [];
  const outcomes = inline(run, clone, fn, values);
  const ends = outcomes.map((outcome) => outcome.state);
  run.catchDepth = catchDepth;
  run.thrown = thrown;
  for (const { id, status } of state.references.values()) {
    // What has a name of its own is put by that, also while a list has it: `[a, b].map(…)`, then `a.put()`.
    if (status !== 'owned' && (status !== 'held' || !state.naming.isCarried(id))) continue;
    const gone = ends.filter((end) => (end.references.get(id)?.status ?? 'put') !== status).length;
    if (gone > 0 && gone === ends.length) released.add(id);
    else if (gone > 0) maybe.add(id);
  }
  return { released, maybe };
}

/** The fences that a function takes along from around it, used for more than their plain properties. */
export function captured(
  run: Run,
  state: State,
  fn: FunctionNode | ClassNode,
): (FenceValue & { at: Node })[] {
  const found: (FenceValue & { at: Node })[] = [];
  const seen = new Set<unknown>();
  for (const reference of scopeOf(run, fn)?.through ?? []) {
    const variable = reference.resolved;
    const { identifier } = reference;
    if (variable === null || seen.has(variable) || isPlainRead(identifier)) continue;
    const value = state.variables.get(variable);
    const fence = value === undefined ? undefined : asFence(run, value, identifier);
    if (fence === undefined) continue;
    seen.add(variable);
    found.push({ ...fence, at: identifier });
  }
  return found;
}

/** `fence.seqno` stays readable for ever. */
function isPlainRead(identifier: Node): boolean {
  const parent = parentOf(identifier);
  if (parent?.type !== T.MemberExpression || unwrapped(parent.object) !== identifier) return false;
  const outer = parentOf(parent);
  const isCalled = outer?.type === T.CallExpression && unwrapped(outer.callee) === parent;
  return !isCalled && !(parent.property.type === T.Identifier && parent.property.name === 'data');
}

/** A function is given away: what it puts is its own from now on, what it only uses may be somebody else's too. */
export function escape(
  run: Run,
  state: State,
  fn: FunctionNode,
  node: Node,
  {
    outlives = false,
    except,
    section,
  }: { outlives?: boolean; except?: string; section?: OpenSection | undefined },
): void {
  carryOff(run, state, fn);
  const done = effects(run, state, fn, { section });
  for (const id of done.released) {
    const reference = state.references.get(id);
    if (reference !== undefined) run.consumed.add(reference.site);
    state.update(id, { status: 'moved', at: node, holder: 'callback' });
  }
  for (const id of done.maybe) state.update(id, { status: 'shared', at: node });
  const mayOutlive = outlives && !isWaitedFor(node);
  shareContainers(run, state, fn, node, mayOutlive);
  for (const fence of captured(run, state, fn)) {
    state.note(fence.object, { published: true, producerElsewhere: true });
    const own = fence.reference === undefined ? undefined : state.references.get(fence.reference);
    if (own?.status === 'owned' && !onlyAsks(run, fn, fence)) {
      run.consumed.add(own.site);
      state.update(own.id, { status: 'shared', at: node });
    }
    const isLent =
      fence.reference === undefined &&
      fence.origin !== 'unknown' &&
      fence.origin !== 'outer' &&
      state.referencesOn(fence.object).length === 0;
    if (!mayOutlive || !isLent || fence.object === except) continue;
    const debts = state.objects.get(fence.object)?.debts ?? [];
    if (debts.some((debt) => debt.node === fence.at)) continue;
    state.note(fence.object, {
      debts: [...debts, { node: fence.at, source: fence.node, origin: fence.origin, how: 'closure' }],
    });
  }
}

const needing: ReadonlySet<string> = new Set(['get', 'wait', 'addCallback']);

/** Notes what a function that runs later, and that nobody waits for, needs of the fences it takes along. */
export function noteLaterUses(run: Run, state: State, fn: FunctionNode): void {
  for (const fence of captured(run, state, fn)) {
    if (fence.reference === undefined) continue;
    for (const { identifier } of run.names.variable(fence.at)?.references ?? []) {
      if (identifier.range[0] < fn.range[0] || identifier.range[1] > fn.range[1]) continue;
      const member = parentOf(identifier);
      const call = member && parentOf(member);
      if (member?.type !== T.MemberExpression || call?.type !== T.CallExpression) continue;
      if (unwrapped(member.object) !== identifier || unwrapped(call.callee) !== member) continue;
      if (needing.has(memberName(member) ?? ''))
        state.later = [...state.later, { object: fence.object, node: call }];
    }
  }
}

/** A class that is made here: when its methods run, and how often, is not followed. */
export function captureInClass(run: Run, state: State, node: ClassNode): void {
  for (const fence of captured(run, state, node))
    if (!onlyAsks(run, node, fence)) share(run, state, fence, node);
  shareContainers(run, state, node, node, false);
}

/** A function goes where it is not followed, but not for ever: what it took along is alive with it, and perhaps put by it. */
export function carryAway(run: Run, state: State, fn: FunctionNode, node: Node): void {
  carryOff(run, state, fn);
  for (const fence of captured(run, state, fn)) {
    state.note(fence.object, { producerElsewhere: true });
    if (onlyAsks(run, fn, fence)) continue;
    share(run, state, fence, node);
    const own = fence.reference === undefined ? undefined : state.references.get(fence.reference);
    if (own?.status === 'held') state.update(own.id, { status: 'shared', at: node });
  }
  shareContainers(run, state, fn, node, false);
}

/** The containers that a function takes along are its own too from now on. */
function shareContainers(
  run: Run,
  state: State,
  fn: FunctionNode | ClassNode,
  node: Node,
  mayOutlive: boolean,
): void {
  for (const { resolved } of scopeOf(run, fn)?.through ?? []) {
    const value = resolved === null ? undefined : state.variables.get(resolved);
    if (value?.kind !== 'container') continue;
    if (mayOutlive) oweContents(run, state, value.id, node, 'closure');
    share(run, state, value, node);
  }
}

/** Calls on a fence that leave its references alone. */
const asking: ReadonlySet<string> = new Set([
  'signal',
  'fail',
  'emit',
  'poll',
  'wait',
  'addCallback',
  'removeCallback',
  'enableSignaling',
  'setDeadline',
  'isLaterThan',
]);

/** Whether a function that takes a fence along only ever asks it: whoever had to put it still has to. */
function onlyAsks(run: Run, fn: FunctionNode | ClassNode, fence: { at: Node }): boolean {
  const inside = run.names
    .variable(fence.at)
    ?.references.filter(({ identifier }) => isWithin(identifier, fn));
  return inside?.every(({ identifier }) => isAsked(identifier)) === true;
}

function isAsked(identifier: Node): boolean {
  const member = parentOf(identifier);
  if (member?.type !== T.MemberExpression || unwrapped(member.object) !== identifier) return false;
  const name = memberName(member);
  const call = parentOf(member);
  const isCalled = call?.type === T.CallExpression && unwrapped(call.callee) === member;
  if (name === undefined || name === 'get' || isPutName(name)) return false;
  return !isCalled || asking.has(name);
}

/** Whether the function around waits until a closure has run: `await new Promise((resolve) => setTimeout(() => …))`. */
function isWaitedFor(node: Node): boolean {
  let inner = node;
  for (let outer: Node | null | undefined = node.parent; outer; outer = outer.parent) {
    if (outer.type === T.AwaitExpression || outer.type === T.ReturnStatement)
      return inner !== node || outer.type === T.AwaitExpression;
    // Inside the function that a promise is made with, the promise decides; any other function ends the search.
    if (
      isFunction(outer) &&
      !(outer.parent.type === T.NewExpression && outer.parent.arguments.includes(outer as never))
    )
      return false;
    inner = outer;
  }
  return false;
}

/** `addCallback`: what the callback puts is its own where the call says true, still the caller's where it says false. */
export function registerCallback(
  run: Run,
  node: TSESTree.CallExpression,
  before: State,
  fence: FenceValue,
): Outcome[] {
  return evaluateAll(run, node.arguments, before).flatMap(({ state, values }): Outcome[] => {
    use(run, state, fence, node);
    state.note(fence.object, { published: true });
    judgeResult(run, node, state, fence);
    const [callback] = values;
    if (callback?.kind !== 'closure') return [{ state, value: unknown }];
    const added = state.clone();
    escape(run, added, callback.node, node, { outlives: true, except: fence.object });
    const isSame = added.signature() === state.signature();
    // Nothing hangs on the answer, or nobody asks: `check-callback-result` speaks of the latter.
    const fate = fateOf(run.names, node);
    if (isSame || fate === 'dropped' || fate === 'void') return [{ state: added, value: unknown }];
    return [
      { state: added, value: constant(true) },
      { state, value: constant(false) },
    ];
  });
}

/** A result that nobody looks at matters unless the fence was made here and cannot have signaled. */
function judgeResult(run: Run, node: TSESTree.CallExpression, state: State, fence: FenceValue): void {
  const facts = state.objects.get(fence.object);
  const isFresh =
    facts?.created !== undefined && facts.signaled === undefined && facts.producerElsewhere !== true;
  if (isFresh) run.freshCallbacks.add(node);
  else run.lateCallbacks.add(node);
}

/** `signalAfter(work)`: the work runs in the fence's section, and the fence signals however it ends. */
export function runWork(
  run: Run,
  node: TSESTree.CallExpression,
  before: State,
  fence: FenceValue,
): Outcome[] {
  return evaluateAll(run, node.arguments, before).map(({ state, values }) => {
    use(run, state, fence, node);
    const [work] = values;
    if (work?.kind === 'closure')
      escape(run, state, work.node, node, { section: { kind: 'work', node, of: fence.object } });
    state.note(fence.object, { signaled: node, published: true, producerElsewhere: true });
    if (!run.signals.has(fence.object)) run.signals.set(fence.object, node);
    run.succeeded.add(fence.object);
    return { state, value: unknown };
  });
}
