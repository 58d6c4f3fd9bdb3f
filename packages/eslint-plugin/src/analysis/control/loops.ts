import { type TSESTree, AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { bind } from '../values/assignments.js';
import { branch } from './conditions.js';
import { forgetDrained, settle } from '../values/containers.js';
import { evaluate } from '../values/expressions.js';
import { contents, drained, elementIn, isAnonymous, isDirectlyIn } from '../values/holding.js';
import { acquire, asFence, fenceOf, putBorrowed } from '../state/ownership.js';
import { completion, type Abrupt, type Completion, type Run } from '../run.js';
import { leaveScope } from './scopes.js';
import { beginTurn, endTurn } from '../protocol/slot.js';
import { merged, slotId, weaken, type Reference, type State } from '../state/state.js';
import { executeAll, throwing } from './statements.js';
import { calledBy } from '../protocol/place.js';
import { onlyLends, suspend } from './suspension.js';
import { descendants, memberName, pathOf, unwrapped, type Node } from '../text/syntax.js';
import { unknown, type Value } from '../state/value.js';

type Loop =
  | TSESTree.ForStatement
  | TSESTree.ForInStatement
  | TSESTree.ForOfStatement
  | TSESTree.WhileStatement
  | TSESTree.DoWhileStatement;

/** Loops are run until no new state appears at their head. */
export function executeLoop(run: Run, node: Loop, state: State): Completion {
  if (node.type === T.ForOfStatement || node.type === T.ForInStatement) return executeEach(run, node, state);
  const done = completion();
  return throwing(run, done, () => {
    let entry = [state];
    if (node.type === T.ForStatement && node.init !== null) entry = initialise(run, node.init, state, done);
    const after: State[] = [];
    const test = node.test ?? undefined;
    if (node.type === T.DoWhileStatement) {
      iterate(run, node, entry, (head) => {
        const body = turn(run, node, [head], done, after);
        return body.flatMap((each) => decide(run, test, each, after));
      });
    } else {
      iterate(run, node, entry, (head) => {
        const enter = decide(run, test, head, after);
        const body = turn(run, node, enter, done, after);
        const update = node.type === T.ForStatement ? node.update : null;
        return update === null
          ? body
          : body.flatMap((each) => evaluate(run, update, each).map((outcome) => outcome.state));
      });
    }
    done.normal = merged(after);
    if (node.type === T.ForStatement) leaveScope(run, done, node);
  });
}

function initialise(run: Run, init: TSESTree.ForInitialiser, state: State, done: Completion): State[] {
  if (init.type !== T.VariableDeclaration) return evaluate(run, init, state).map((outcome) => outcome.state);
  const begun = executeAll(run, init, [state]);
  done.throws.push(...begun.throws);
  return begun.normal;
}

function decide(run: Run, test: Node | undefined, state: State, after: State[]): State[] {
  if (test === undefined) return [state];
  const { yes, no } = branch(run, test, state);
  after.push(...no);
  return yes;
}

/** One turn of the body: its ways out go to the loop's, and the states that go on come back. */
function turn(run: Run, node: Loop, states: readonly State[], done: Completion, after: State[]): State[] {
  if (states.length === 0) return [];
  const body = executeAll(run, node.body, states);
  const isMine = (one: Abrupt): boolean => one.label === undefined || labelsOf(node).includes(one.label);
  done.returns.push(...body.returns);
  done.throws.push(...body.throws);
  for (const one of body.breaks) {
    if (one.label === undefined) after.push(one.state);
    else done.breaks.push(one);
  }
  const goOn = body.normal;
  for (const one of body.continues) {
    if (isMine(one)) goOn.push(one.state);
    else done.continues.push(one);
  }
  return merged(goOn);
}

/** One turn of a loop with a variable of its own, which is left with the turn, however it ends. */
function turnOf(run: Run, node: Loop, state: State, done: Completion): Completion {
  const broken: State[] = [];
  const turned = completion(turn(run, node, [state], done, broken));
  turned.breaks.push(...broken.map((each) => ({ state: each, node, how: 'break' as const })));
  leaveScope(run, turned, node);
  return turned;
}

function labelsOf(node: Loop): string[] {
  const labels: string[] = [];
  for (let outer: Node = node.parent; outer.type === T.LabeledStatement; outer = outer.parent)
    labels.push(outer.label.name);
  return labels;
}

/** Visits every state that can stand at the loop's head, and those again about which less turns out to be known. */
function iterate(run: Run, node: Node, entry: readonly State[], visit: (head: State) => State[]): void {
  const seen = new Map<string, State>();
  const waiting: State[] = [];
  const arrive = (state: State): void => {
    state.tidy();
    const signature = state.signature();
    const known = seen.get(signature);
    if (known === undefined) {
      seen.set(signature, state.clone());
      waiting.push(state);
    } else if (weaken(known, state)) waiting.push(known.clone());
    run.limit(waiting);
  };
  for (const state of entry) arrive(state);
  const stale = exitSubjects(run, node);
  for (let head = waiting.shift(); head !== undefined; head = waiting.shift()) {
    run.step();
    for (const next of visit(head)) {
      // What decides whether a loop ends may have changed by the next turn.
      next.facts.forgetWhere((read) => stale.has(read));
      arrive(next);
    }
  }
}

const subjectsOf = new WeakMap<Node, ReadonlySet<string>>();

/** Fields and properties that a loop's own exits depend on: a matter of its text, looked up once. */
function exitSubjects(run: Run, node: Node): ReadonlySet<string> {
  let subjects = subjectsOf.get(node);
  if (subjects === undefined) {
    subjects = collectSubjects(run, node);
    subjectsOf.set(node, subjects);
  }
  return subjects;
}

function collectSubjects(run: Run, node: Node): ReadonlySet<string> {
  const subjects = new Set<string>();
  const keys = run.names.sourceCode.visitorKeys;
  const collect = (test: Node): void => {
    for (const one of [test, ...descendants(test, keys)]) {
      if (one.type !== T.MemberExpression) continue;
      const path = pathOf(one);
      if (path !== undefined) subjects.add(path);
    }
  };
  if ('test' in node && node.test) collect(node.test);
  for (const one of descendants(node, keys))
    if (one.type === T.IfStatement || one.type === T.ConditionalExpression) {
      if (leaves(one, keys)) collect(one.test);
    }
  return subjects;
}

function leaves(node: Node, keys: Readonly<Record<string, readonly string[]>>): boolean {
  for (const one of descendants(node, keys)) {
    if (
      one.type === T.BreakStatement ||
      one.type === T.ReturnStatement ||
      one.type === T.ThrowStatement ||
      one.type === T.ContinueStatement
    )
      return true;
  }
  return false;
}

function executeEach(
  run: Run,
  node: TSESTree.ForOfStatement | TSESTree.ForInStatement,
  state: State,
): Completion {
  const done = completion();
  return throwing(run, done, () => {
    const after: State[] = [];
    const { right } = whatIsGoneThrough(run, node);
    for (const { state: before, value } of evaluate(run, right, state)) {
      if (node.type === T.ForOfStatement && node.await) suspendEach(run, before, node);
      const held = value.kind === 'container' ? elements(run, before, value.id) : [];
      if (node.type === T.ForOfStatement && value.kind === 'container' && held.length > 0) {
        overContainer(run, node, { id: value.id, before, held, done, after });
        continue;
      }
      iterate(run, node, [before], (head) => {
        after.push(head.clone());
        bindElement(run, node, head, value);
        const turned = turnOf(run, node, head, done);
        after.push(...turned.breaks.map((one) => one.state));
        return turned.normal;
      });
    }
    done.normal = merged(after);
    const rest = completion();
    rest.breaks.push(...done.breaks);
    rest.continues.push(...done.continues);
    rest.returns.push(...done.returns);
    rest.throws.push(...done.throws);
    leaveScope(run, rest, node);
  });
}

/** A loop over `list.entries()` with a name for the element goes through `list`. */
function whatIsGoneThrough(
  run: Run,
  node: TSESTree.ForOfStatement | TSESTree.ForInStatement,
): { readonly right: Node; readonly target: Node } {
  const { left } = node;
  const target = left.type === T.VariableDeclaration ? left.declarations[0].id : left;
  const call = unwrapped(node.right);
  const element = target.type === T.ArrayPattern && target.elements.length === 2 ? target.elements[1] : null;
  const isPlain = call.type === T.CallExpression && call.callee.type === T.MemberExpression;
  if (element === null || element === undefined || !isPlain || call.arguments.length > 0)
    return { right: node.right, target };
  const { object } = call.callee as TSESTree.MemberExpression;
  const variable = run.names.variable(object);
  const isList =
    memberName(call.callee as TSESTree.MemberExpression) === 'entries' &&
    variable !== undefined &&
    run.isLocal(variable);
  return isList && /^(?:Readonly)?Array$/.test(run.resolver.typeName(object) ?? '')
    ? { right: object, target: element }
    : { right: node.right, target };
}

function suspendEach(run: Run, state: State, node: TSESTree.ForOfStatement): void {
  suspend(run, state, node);
}

function bindElement(
  run: Run,
  node: TSESTree.ForOfStatement | TSESTree.ForInStatement,
  state: State,
  value: Value,
): void {
  const { left } = node;
  const target = left.type === T.VariableDeclaration ? left.declarations[0].id : left;
  const isUsing = left.type === T.VariableDeclaration && left.kind.includes('using');
  if (node.type === T.ForOfStatement && givesAway(run, node)) {
    const reference = acquire(run, state, target);
    if (isUsing) state.update(reference.id, { status: 'scoped', at: node });
    bind(run, state, target, fenceOf(reference), node.right, node);
    return;
  }
  const element = node.type === T.ForOfStatement ? elementOf(run, node, value, target) : unknown;
  // Each turn has another element: nothing is known of this one yet.
  if (element.kind === 'fence') state.objects.delete(element.object);
  const whole = pathOf(node.right);
  if (whole !== undefined) {
    for (const object of [...state.objects.keys()])
      if (object.startsWith(`${whole}.`)) state.objects.delete(object);
  }
  if (isUsing) {
    const fence = asFence(run, element, target);
    if (fence !== undefined && fence.reference === undefined) putBorrowed(run, fence, target, true);
  }
  bind(run, state, target, element, node.right, node);
}

/** Whether an iterator says by its type that each fence is handed over to who asks for it. */
function givesAway(run: Run, node: TSESTree.ForOfStatement): boolean {
  const type = run.resolver.typeOf(node.right);
  if (type?.many !== true || type.brand !== 'owned' || !isMadeForAsking(run, node)) return false;
  const call = unwrapped(node.right);
  const maker = call.type === T.CallExpression ? calledBy(run, call.callee) : undefined;
  return maker === undefined || !onlyLends(run, maker);
}

/** What an iterator gives out may be made for the asking. */
function isMadeForAsking(run: Run, node: TSESTree.ForOfStatement): boolean {
  if (isViewOfCollection(run, node.right)) return false;
  return node.await || /Iterator|Generator/.test(run.resolver.typeName(node.right) ?? '');
}

/** `map.values()`, `list.entries()`: an iterator over what stays where it is. */
function isViewOfCollection(run: Run, right: Node): boolean {
  if (/^(?:Map|Set|Array)Iterator$/.test(run.resolver.typeName(right) ?? '')) return true;
  const call = unwrapped(right);
  if (call.type !== T.CallExpression || call.callee.type !== T.MemberExpression) return false;
  const name = memberName(call.callee);
  const isView = name === 'values' || name === 'entries' || name === 'keys';
  return isView && run.resolver.contract(call)?.builtin === true;
}

/** What a loop's variable stands for: an element of a collection that somebody keeps. */
function elementOf(run: Run, node: TSESTree.ForOfStatement, value: Value, target: Node): Value {
  const object = `e${String(target.range[0])}`;
  const isMade = isMadeForAsking(run, node);
  if (value.kind === 'many') {
    return {
      kind: 'fence',
      object,
      reference: undefined,
      origin: value.origin === 'library' ? 'library' : isMade ? 'unknown' : 'element',
      path: value.path,
      node: target,
      checked: false,
    };
  }
  if (value.kind !== 'fence' && value.kind !== 'unknown') return unknown;
  const type = run.resolver.typeOf(node.right);
  if (type?.many !== true) return unknown;
  const isKnown = value.kind === 'fence' && value.origin !== 'unknown' && !isMade;
  const origin = type.brand === 'borrowed' ? 'library' : isKnown ? 'element' : 'unknown';
  return {
    kind: 'fence',
    object,
    reference: undefined,
    origin,
    path: value.kind === 'fence' ? value.path : undefined,
    node: target,
    checked: false,
  };
}

/** What a loop over a collection made here goes through: what the collection holds, else what was put out of all of it. */
function elements(run: Run, state: State, id: string): readonly Reference[] {
  const held = contents(state, id);
  return held.length > 0 || run.unfollowed.has(id) || state.escaped.has(id) ? held : drained(state, id);
}

/**
 * A loop over a collection made here: it runs at least once, for what is in it, and what a turn does with the element
 * it does with all of them.
 */
function overContainer(
  run: Run,
  node: TSESTree.ForOfStatement,
  {
    id,
    before,
    held,
    done,
    after,
  }: { id: string; before: State; held: readonly Reference[]; done: Completion; after: State[] },
): void {
  const [first] = held;
  if (first === undefined) return;
  const { left } = node;
  const { target } = whatIsGoneThrough(run, node);
  const stays: State[] = [];
  const isUsing = left.type === T.VariableDeclaration && left.kind.includes('using');
  if (isUsing) before.update(first.id, { status: 'scoped', at: node });
  if (id === slotId) {
    overSlot(run, node, { before, target, done, after });
    return;
  }
  const isMany = held.length === 1 && isAnonymous(before, id, first) && first.status === 'held';
  const earlier = { returns: done.returns.length, throws: done.throws.length };
  bind(run, before, target, elementIn(run, before, id, held, target), node.right, node);
  const turned = turnOf(run, node, before, done);
  if (isMany) {
    const early = [
      ...done.returns.slice(earlier.returns),
      ...done.throws.slice(earlier.throws),
      ...turned.breaks,
    ];
    for (const { state } of early) keepOthers(state, first);
  }
  for (const state of turned.normal) {
    if (held.every((reference) => isDirectlyIn(state, id, reference))) settle(state, held);
    stays.push(state);
  }
  if (turned.breaks.length > 0) forgetDrained([...stays, ...turned.breaks.map(({ state }) => state)], held);
  else forgetDrained(stays, held, true);
  // Left early, the rest of the elements are as they were.
  after.push(...stays, ...turned.breaks.map(({ state }) => state));
}

/** A loop is left early by a turn that gave its element away: the others are still in there. */
function keepOthers(state: State, first: Reference): void {
  const status = state.references.get(first.id)?.status;
  if (status === 'held' || status === 'owned' || status === 'shared' || status === 'scoped') return;
  const others: Reference = { ...first, id: `${first.id}+`, object: `${first.object}+` };
  state.references.set(others.id, others);
}

/** A loop over the place that the run is about, which may be empty. */
function overSlot(
  run: Run,
  node: TSESTree.ForOfStatement,
  { before, target, done, after }: { before: State; target: Node; done: Completion; after: State[] },
): void {
  const element = beginTurn(run, before, node, target);
  if (element !== unknown || target.type !== T.ArrayPattern)
    bind(run, before, target, element, node.right, node);
  const turned = turnOf(run, node, before, done);
  for (const state of turned.normal) endTurn(run, state, node, false);
  for (const { state } of turned.breaks) endTurn(run, state, node, true);
  after.push(...turned.normal, ...turned.breaks.map(({ state }) => state));
}
