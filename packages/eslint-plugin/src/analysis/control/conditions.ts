import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { evaluate } from '../values/expressions.js';
import type { Fact } from '../state/facts.js';
import type { Run } from '../run.js';
import { objectAt } from '../state/paths.js';
import { merged, type State } from '../state/state.js';
import { memberName, pathOf, rootOf, unwrapped, type Node } from '../text/syntax.js';
import { constant, constantsOf, nothing, truthiness, type Value } from '../state/value.js';

/** The states in which a condition is true, and those in which it is false. */
export interface Branches {
  readonly yes: State[];
  readonly no: State[];
}

/** Evaluates a condition and parts the paths by its outcome, as far as what is known of them does not decide it. */
export function branch(run: Run, test: Node, state: State): Branches {
  run.step();
  const node = unwrapped(test);
  switch (node.type) {
    case T.UnaryExpression:
      if (node.operator === '!') {
        const { yes, no } = branch(run, node.argument, state);
        return { yes: no, no: yes };
      }
      break;
    case T.LogicalExpression:
      if (node.operator !== '??') return logical(run, node, state);
      break;
    case T.BinaryExpression:
      return comparison(run, node, state);
    case T.SequenceExpression: {
      let states = [state];
      for (const one of node.expressions.slice(0, -1))
        states = merged(states.flatMap((each) => evaluate(run, one, each).map((outcome) => outcome.state)));
      const last = node.expressions.at(-1);
      return last === undefined
        ? { yes: states, no: [] }
        : join(states.map((each) => branch(run, last, each)));
    }
    default:
  }
  return join(evaluate(run, node, state).map(({ state: after, value }) => part(run, node, after, value)));
}

/** Several branchings as one. */
export function join(all: readonly Branches[]): Branches {
  return { yes: merged(all.flatMap(({ yes }) => yes)), no: merged(all.flatMap(({ no }) => no)) };
}

function logical(run: Run, node: TSESTree.LogicalExpression, state: State): Branches {
  const left = branch(run, node.left, state);
  if (node.operator === '&&') {
    const right = join(left.yes.map((each) => branch(run, node.right, each)));
    return { yes: right.yes, no: merged([...left.no, ...right.no]) };
  }
  const right = join(left.no.map((each) => branch(run, node.right, each)));
  return { yes: merged([...left.yes, ...right.yes]), no: right.no };
}

/** Parts one state by the truth of a value that was just computed. */
export function part(run: Run, node: Node, state: State, value: Value): Branches {
  const target = node.type === T.AssignmentExpression ? unwrapped(node.left) : node;
  const known = truthiness(value) ?? factOf(run, state, target)?.truthy;
  if (known !== undefined) return known ? { yes: [state], no: [] } : { yes: [], no: [state] };
  const yes = state;
  const no = state.clone();
  learn(run, yes, target, { truthy: true, nullish: false });
  learn(run, no, target, { truthy: false });
  learnOfPlace(run, no, target, value);
  forgetMissing(run, no, target, value);
  return throughAlias(run, target, { yes: [yes], no: [no] });
}

/** `const isIdle = queue === undefined; … if (isIdle)`: what the name stands for holds too. */
function throughAlias(run: Run, node: Node, branches: Branches): Branches {
  if (node.type !== T.Identifier) return branches;
  const variable = run.names.variable(node);
  const declarator = variable?.defs[0]?.node;
  if (
    variable === undefined ||
    declarator?.type !== T.VariableDeclarator ||
    !declarator.init ||
    !run.names.isConstant(variable)
  )
    return branches;
  const init = unwrapped(declarator.init);
  const isPlain =
    init.type === T.BinaryExpression || init.type === T.LogicalExpression || init.type === T.UnaryExpression;
  if (!isPlain || !isPure(init)) return branches;
  return {
    yes: branches.yes.flatMap((state) => branch(run, init, state).yes),
    no: branches.no.flatMap((state) => branch(run, init, state).no),
  };
}

/** `const old = this.slot; old?.put();`: where the name is missing so is what it was read from, unless that was written since. */
function learnOfPlace(run: Run, state: State, node: Node, value: Value): void {
  if (node.type !== T.Identifier || value.kind !== 'fence' || value.path === undefined) return;
  const declarator = run.names.variable(node)?.defs[0]?.node;
  if (declarator?.type !== T.VariableDeclarator || !declarator.init) return;
  const place = unwrapped(declarator.init);
  if (place.type !== T.MemberExpression || pathOf(place) !== value.path) return;
  const isSame =
    value.object === objectAt(state, value.path) && state.objects.get(value.object)?.awaited === undefined;
  if (isSame) learn(run, state, place, { truthy: false });
}

function isPure(node: Node): boolean {
  const inner = unwrapped(node);
  switch (inner.type) {
    case T.BinaryExpression:
    case T.LogicalExpression:
      return isPure(inner.left) && isPure(inner.right);
    case T.UnaryExpression:
      return inner.operator !== 'delete' && isPure(inner.argument);
    case T.Literal:
      return true;
    default:
      return pathOf(inner) !== undefined;
  }
}

/** A fence that counts as false is missing. */
function forgetMissing(run: Run, state: State, node: Node, value: Value): void {
  if (node.type !== T.Identifier || value.kind !== 'fence') return;
  // A count of 0 and an empty text count as false too: only of a fence is it known to be missing.
  if (!value.checked && run.resolver.typeOf(node) === undefined) return;
  const variable = run.names.variable(node);
  if (variable !== undefined && state.variables.has(variable)) state.variables.set(variable, nothing);
}

function comparison(run: Run, node: TSESTree.BinaryExpression, state: State): Branches {
  const { operator } = node;
  const left = unwrapped(node.left);
  const right = unwrapped(node.right);
  const outcomes = evaluate(run, left, state).flatMap((first) =>
    evaluate(run, right, first.state).map((second) => ({
      first: first.value,
      second: second.value,
      state: second.state,
    })),
  );
  const equality = /^[=!]==?$/.test(operator);
  const isNegated = operator.startsWith('!');
  return join(
    outcomes.map(({ first, second, state: after }) => {
      const branches = equality
        ? equal(run, after, { left, right, first, second, loose: operator.length === 2 })
        : ordered(run, after, node, { first, second });
      return isNegated && equality ? { yes: branches.no, no: branches.yes } : branches;
    }),
  );
}

interface Comparison {
  readonly left: Node;
  readonly right: Node;
  readonly first: Value;
  readonly second: Value;
  readonly loose: boolean;
}

function equal(run: Run, state: State, { left, right, first, second, loose }: Comparison): Branches {
  if (isNothing(right, second)) return missing(run, state, left, first);
  if (isNothing(left, first)) return missing(run, state, right, second);
  if (first.kind === 'constant' && second.kind === 'constant') {
    const same = loose ? String(first.value) === String(second.value) : first.value === second.value;
    return same ? { yes: [state], no: [] } : { yes: [], no: [state] };
  }
  if (!mayEqual(first, second)) return { yes: [], no: [state] };
  const [subject, literal] =
    second.kind === 'constant'
      ? [left, second.value]
      : first.kind === 'constant'
        ? [right, first.value]
        : [undefined, undefined];
  if (subject !== undefined) {
    const few = constantsOf(subject === left ? first : second);
    if (few?.includes(literal) === false) return { yes: [], no: [state] };
    const branches = is(run, state, subject, `${typeof literal}:${String(literal)}`, literal);
    if (few !== undefined) narrow(run, branches, subject, few, literal);
    if (literal === 0) for (const yes of branches.yes) forgetDead(run, yes, subject);
    return branches;
  }
  const one = subjectOf(run, left);
  const two = subjectOf(run, right);
  const branches =
    one === undefined || two === undefined ? both(state) : onKey(state, `${one} === ${two}`, [one, two]);
  for (const yes of branches.yes) {
    identify(run, yes, left, first, second);
    identify(run, yes, right, second, first);
  }
  return branches;
}

/** A variable that is one of a few constants is this one, or one of the others. */
function narrow(run: Run, branches: Branches, node: Node, few: readonly unknown[], literal: unknown): void {
  const variable = node.type === T.Identifier ? run.names.variable(node) : undefined;
  if (variable === undefined) return;
  const others = few.filter((value) => value !== literal);
  for (const yes of branches.yes)
    if (yes.variables.has(variable)) yes.variables.set(variable, constant(literal));
  for (const no of branches.no)
    if (no.variables.has(variable)) no.variables.set(variable, { kind: 'one of', values: others });
}

/** `if (fence.refCount === 0)`: it is gone, so nobody has to put it. */
function forgetDead(run: Run, state: State, node: Node): void {
  if (node.type !== T.MemberExpression || memberName(node) !== 'refCount') return;
  const variable = run.names.variable(unwrapped(node.object));
  const value = variable === undefined ? undefined : state.variables.get(variable);
  if (value?.kind !== 'fence' || value.reference === undefined) return;
  state.update(value.reference, { status: 'shared' });
}

/** `if (fence === this.slot)`: a lent fence is known to be another one, and what may be done to that may be done to it. */
function identify(run: Run, state: State, node: Node, value: Value, other: Value): void {
  if (node.type !== T.Identifier || value.kind !== 'fence' || value.reference !== undefined) return;
  if (value.origin !== 'parameter' && value.origin !== 'library') return;
  const variable = run.names.variable(node);
  if (variable === undefined || state.referencesOn(value.object).length > 0) return;
  if (other.kind === 'unknown' || (other.kind === 'fence' && other.origin !== 'parameter'))
    state.variables.set(variable, other);
}

/** Compares with undefined or null; of `x === undefined` and `x === null` both are read as "missing". */
function missing(run: Run, state: State, node: Node, value: Value): Branches {
  if (value.kind === 'nothing') return { yes: [state], no: [] };
  const known =
    value.kind === 'unknown' ||
    (value.kind === 'fence' && value.reference === undefined) ||
    value.kind === 'many'
      ? undefined
      : false;
  const fact = factOf(run, state, node);
  const nullish =
    known ?? fact?.nullish ?? (fact?.truthy === true || fact?.is !== undefined ? false : undefined);
  if (nullish !== undefined) return nullish ? { yes: [state], no: [] } : { yes: [], no: [state] };
  const yes = state.clone();
  learn(run, yes, node, { nullish: true, truthy: false });
  learnOfPlace(run, yes, node, value);
  forgetMissing(run, yes, node, value);
  // What is not missing counts as true unless it is a number, a string or a boolean.
  learn(run, state, node, isObject(run, node, value) ? { nullish: false, truthy: true } : { nullish: false });
  return { yes: [yes], no: [state] };
}

function isObject(run: Run, node: Node, value: Value): boolean {
  return value.kind === 'fence' && (value.checked || run.resolver.typeOf(node) !== undefined);
}

/** How many values a fact excludes at most: a switch of thousands of cases would otherwise copy them all at each case. */
const mostExcluded = 64;

/** Equality with a literal: one value excludes every other. */
function is(run: Run, state: State, node: Node, literal: string, value: unknown): Branches {
  const fact = factOf(run, state, node);
  if (fact?.is !== undefined)
    return fact.is === literal ? { yes: [state], no: [] } : { yes: [], no: [state] };
  if (fact?.not?.includes(literal) === true) return { yes: [], no: [state] };
  if (fact?.truthy !== undefined && fact.truthy !== Boolean(value)) return { yes: [], no: [state] };
  const yes = state.clone();
  learn(run, yes, node, { is: literal, truthy: Boolean(value), nullish: false });
  const opposite: Partial<Fact> = typeof value === 'boolean' && run.resolver.typed ? { truthy: !value } : {};
  learn(run, state, node, { not: [...(fact?.not ?? []).slice(-mostExcluded), literal], ...opposite });
  return { yes: [yes], no: [state] };
}

/** `<`, `>=`, `in`, `instanceof` and the rest: one fact for each text, `a >= b` being the opposite of `a < b`. */
function ordered(
  run: Run,
  state: State,
  node: TSESTree.BinaryExpression,
  values: { first: Value; second: Value },
): Branches {
  const { operator } = node;
  const known = compare(operator, values.first, values.second);
  if (known !== undefined) return known ? { yes: [state], no: [] } : { yes: [], no: [state] };
  const branches = onText(run, state, node);
  const dead = compare(operator, constant(0), values.second);
  for (const each of dead === undefined ? [] : dead ? branches.yes : branches.no)
    if (compare(operator, constant(1), values.second) !== dead) forgetDead(run, each, unwrapped(node.left));
  return branches;
}

function onText(run: Run, state: State, node: TSESTree.BinaryExpression): Branches {
  const { operator } = node;
  const left = textOf(run, node.left);
  const right = textOf(run, node.right);
  if (left === undefined || right === undefined) return both(state);
  switch (operator) {
    case '<':
    case '>=': {
      const branches = onKey(state, `${left.text} < ${right.text}`, [...left.reads, ...right.reads]);
      return operator === '<' ? branches : { yes: branches.no, no: branches.yes };
    }
    case '>':
    case '<=': {
      const branches = onKey(state, `${right.text} < ${left.text}`, [...left.reads, ...right.reads]);
      return operator === '>' ? branches : { yes: branches.no, no: branches.yes };
    }
    default:
      return onKey(state, `${left.text} ${operator} ${right.text}`, [...left.reads, ...right.reads]);
  }
}

function compare(operator: string, first: Value, second: Value): boolean | undefined {
  const a = rangeOf(first);
  const b = rangeOf(second);
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '<':
      return isLess(a, b);
    case '<=':
      return not(isLess(b, a));
    case '>':
      return isLess(b, a);
    case '>=':
      return not(isLess(a, b));
    default:
      return undefined;
  }
}

/** What a number may be, both ends included. */
interface Range {
  readonly min: number;
  readonly max: number;
}

function rangeOf(value: Value): Range | undefined {
  if (value.kind === 'some') return { min: 1, max: Infinity };
  if (value.kind !== 'constant' || typeof value.value !== 'number') return undefined;
  return { min: value.value, max: value.value };
}

function isLess(a: Range, b: Range): boolean | undefined {
  if (a.max < b.min) return true;
  return a.min >= b.max ? false : undefined;
}

function not(known: boolean | undefined): boolean | undefined {
  return known === undefined ? undefined : !known;
}

function mayEqual(first: Value, second: Value): boolean {
  const a = rangeOf(first);
  const b = rangeOf(second);
  return a === undefined || b === undefined || (a.min <= b.max && b.min <= a.max);
}

function onKey(state: State, key: string, reads: readonly string[]): Branches {
  const known = state.facts.get(key)?.truthy;
  if (known !== undefined) return known ? { yes: [state], no: [] } : { yes: [], no: [state] };
  const no = state.clone();
  state.facts.learn(key, { truthy: true }, reads);
  no.facts.learn(key, { truthy: false }, reads);
  return { yes: [state], no: [no] };
}

function both(state: State): Branches {
  return { yes: [state], no: [state.clone()] };
}

/** The text under which facts about an expression are kept; undefined when it is not stable. */
export function subjectOf(run: Run, node: Node): string | undefined {
  const inner = unwrapped(node);
  const path = pathOf(inner);
  if (path === undefined) return undefined;
  const root = rootOf(inner);
  if (root.type !== T.Identifier) return path;
  const variable = run.names.variable(root);
  // A variable that a closure writes may change in any call.
  if (variable === undefined || variable.defs.length === 0)
    return inner.type === T.Identifier ? undefined : path;
  return run.names.isWrittenElsewhere(variable) ? undefined : path;
}

function textOf(run: Run, node: Node): { text: string; reads: string[] } | undefined {
  const inner = unwrapped(node);
  if (inner.type === T.Literal) return { text: inner.raw, reads: [] };
  if (inner.type === T.UnaryExpression && inner.operator !== 'delete') {
    const argument = textOf(run, inner.argument);
    return argument && { text: `${inner.operator} ${argument.text}`, reads: argument.reads };
  }
  if (inner.type === T.BinaryExpression) {
    const left = textOf(run, inner.left);
    const right = textOf(run, inner.right);
    return (
      left &&
      right && {
        text: `(${left.text} ${inner.operator} ${right.text})`,
        reads: [...left.reads, ...right.reads],
      }
    );
  }
  const subject = subjectOf(run, inner);
  return subject === undefined ? undefined : { text: subject, reads: [subject] };
}

function factOf(run: Run, state: State, node: Node): Fact | undefined {
  const subject = subjectOf(run, node);
  return subject === undefined ? undefined : state.facts.get(subject);
}

/** Adds to what is known of a stable expression. */
export function learn(run: Run, state: State, node: Node, change: Partial<Fact>): void {
  const inner = unwrapped(node);
  const subject = subjectOf(run, inner);
  // `fence.refCount` and the like may differ at every read.
  if (subject === undefined || (inner.type === T.MemberExpression && memberName(inner) === 'refCount'))
    return;
  state.facts.learn(subject, change, [subject]);
}

function isNothing(node: Node, value: Value): boolean {
  return (
    value.kind === 'nothing' &&
    (node.type === T.Identifier || node.type === T.Literal || node.type === T.UnaryExpression)
  );
}
