import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { assign } from './assignments.js';
import { evaluateCall, evaluateNew } from './calls.js';
import { branch, learn } from './conditions.js';
import { acquire, asFence, fenceOf, hold, overwrite, readPath, transfer, use } from './ownership.js';
import { BudgetExceeded, type Outcome, type Run } from './run.js';
import { suspendInSections } from './sections.js';
import { merged, type State } from './state.js';
import {
  children,
  isFunction,
  memberName,
  parentOf,
  pathOf,
  rootOf,
  unwrapped,
  type Node,
} from './syntax.js';
import { constant, nothing, unknown, valueKey, type Origin, type Value } from './value.js';

const outcomeLimit = 64;

/** Every result an expression can have from a state, with what it did to it. */
export function evaluate(run: Run, expression: Node, state: State): Outcome[] {
  run.step();
  const node = unwrapped(expression);
  switch (node.type) {
    case T.Identifier:
      return [{ state, value: readVariable(run, node, state) }];
    case T.Literal:
      return [{ state, value: node.value === null && node.raw === 'null' ? nothing : constant(node.value) }];
    case T.ThisExpression:
    case T.Super:
      return [{ state, value: unknown }];
    case T.FunctionExpression:
    case T.ArrowFunctionExpression:
      return [{ state, value: { kind: 'closure', node, record: false } }];
    case T.MemberExpression:
      return evaluateMember(run, node, state);
    case T.CallExpression:
      return collapse(evaluateCall(run, node, state));
    case T.NewExpression:
      return evaluateNew(run, node, state);
    case T.AwaitExpression:
      return evaluateAwait(run, node, state);
    case T.YieldExpression:
      return evaluateYield(run, node, state);
    case T.AssignmentExpression:
      return collapse(assign(run, node, state));
    case T.ConditionalExpression: {
      const { yes, no } = branch(run, node.test, state);
      const outcomes = [
        ...yes.flatMap((each) => evaluate(run, node.consequent, each)),
        ...no.flatMap((each) => evaluate(run, node.alternate, each)),
      ];
      return collapse(outcomes);
    }
    case T.LogicalExpression:
      return collapse(evaluateLogical(run, node, state));
    case T.UnaryExpression:
      return evaluateUnary(run, node, state);
    case T.UpdateExpression: {
      const path = pathOf(node.argument);
      const outcomes = evaluate(run, node.argument, state);
      for (const outcome of outcomes) {
        if (path !== undefined) outcome.state.facts.forget(path);
        const variable = node.argument.type === T.Identifier ? run.names.variable(node.argument) : undefined;
        if (variable !== undefined) outcome.state.variables.delete(variable);
      }
      return outcomes.map((outcome) => ({ state: outcome.state, value: unknown }));
    }
    case T.SequenceExpression: {
      let outcomes: Outcome[] = [{ state, value: unknown }];
      for (const one of node.expressions)
        outcomes = collapse(outcomes.flatMap((outcome) => evaluate(run, one, outcome.state)));
      return outcomes;
    }
    case T.ArrayExpression:
      return evaluateArray(run, node, state);
    case T.ObjectExpression:
      return evaluateObject(run, node, state);
    case T.BinaryExpression: {
      const { yes, no } = branch(run, node, state);
      return collapse(
        [
          ...yes.map((each) => ({ state: each, value: constant(true) })),
          ...no.map((each) => ({ state: each, value: constant(false) })),
        ],
        true,
      );
    }
    case T.ClassExpression:
      return [{ state, value: unknown }];
    default:
      return evaluateParts(run, node, state);
  }
}

/** The states an expression can be left in, where its value does not matter. */
export function statesAfter(run: Run, expression: Node, state: State): State[] {
  return merged(evaluate(run, expression, state).map((outcome) => outcome.state));
}

/** Several expressions one after the other, with their values. */
export function evaluateAll(
  run: Run,
  nodes: readonly Node[],
  state: State,
): { state: State; values: Value[] }[] {
  let rows: { state: State; values: Value[] }[] = [{ state, values: [] }];
  for (const node of nodes) {
    const inner = node.type === T.SpreadElement ? node.argument : node;
    rows = rows.flatMap(({ state: before, values }) =>
      evaluate(run, inner, before).map((outcome) => ({
        state: outcome.state,
        values: [...values, node.type === T.SpreadElement ? spread(outcome.value) : outcome.value],
      })),
    );
    run.limit(rows);
  }
  return rows;
}

function spread(value: Value): Value {
  return value.kind === 'container' || value.kind === 'many' ? value : unknown;
}

/** Outcomes that agree about ownership and value become one. */
export function collapse(outcomes: Outcome[], isBoolean = false): Outcome[] {
  if (outcomes.length < 2) return outcomes;
  const groups = new Map<string, { states: State[]; values: Value[] }>();
  for (const { state, value } of outcomes) {
    const key =
      valueKey(value) ||
      (isBoolean
        ? ''
        : value.kind === 'nothing'
          ? 'nothing'
          : value.kind === 'constant'
            ? String(value.value)
            : '');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { states: [state], values: [value] });
    else {
      group.states.push(state);
      group.values.push(value);
    }
  }
  const result: Outcome[] = [];
  for (const { states, values } of groups.values()) {
    const first = values[0] ?? unknown;
    const same = values.every(
      (value) =>
        value.kind === first.kind &&
        (value.kind !== 'constant' || value.value === (first as typeof value).value),
    );
    const kept = merged(states);
    // Two states that stay apart keep the value that belongs to each.
    for (const state of kept)
      result.push({
        state,
        value: same
          ? first
          : kept.length === states.length
            ? (values[states.indexOf(state)] ?? unknown)
            : unknown,
      });
  }
  if (result.length > outcomeLimit) throw new BudgetExceeded();
  return result;
}

function evaluateParts(run: Run, node: Node, state: State): Outcome[] {
  let states = [state];
  for (const child of children(node, run.names.sourceCode.visitorKeys)) {
    if (isFunction(child) || child.type.startsWith('TS')) continue;
    states = merged(states.flatMap((each) => statesAfter(run, child, each)));
  }
  return states.map((each) => ({ state: each, value: unknown }));
}

/** The value of a name. */
export function readVariable(
  run: Run,
  node: TSESTree.Identifier | TSESTree.JSXIdentifier,
  state: State,
): Value {
  const variable = run.names.variable(node);
  if (variable === undefined || variable.defs.length === 0)
    return node.name === 'undefined' ? nothing : unknown;
  const known = state.variables.get(variable);
  if (known !== undefined) return known;
  if (node.type === T.Identifier) {
    const named = run.names.functionNamed(node);
    if (named !== undefined) return { kind: 'closure', node: named, record: false };
  }
  const isHere = run.isLocal(variable);
  return readPath(state, node, isHere ? 'unknown' : 'outer');
}

function evaluateMember(run: Run, node: TSESTree.MemberExpression, state: State): Outcome[] {
  const name = memberName(node);
  const outcomes = evaluate(run, node.object, state).flatMap((outcome) =>
    node.computed
      ? evaluate(run, node.property, outcome.state).map((index) => ({
          state: index.state,
          value: outcome.value,
        }))
      : [outcome],
  );
  return outcomes.flatMap(({ state: after, value }): Outcome[] => {
    switch (value.kind) {
      case 'nothing':
        // Reading from nothing throws; with `?.` it gives nothing.
        return node.optional || isInOptionalChain(node) ? [{ state: after, value: nothing }] : [];
      case 'container': {
        const stored = name === undefined ? undefined : after.properties.get(`${value.id}.${name}`);
        if (stored !== undefined) return [{ state: after, value: stored }];
        if (name === 'length' || name === 'size') return [{ state: after, value: unknown }];
        if (!isOnlyAsked(node)) run.unfollowed.add(value.id);
        return [{ state: after, value: { ...readPath(after, node, 'unknown'), path: undefined } }];
      }
      case 'fence': {
        if (name === 'data') {
          const fence = asFence(run, value, node.object);
          if (fence !== undefined) use(run, after, fence, node);
        }
        break;
      }
      default:
    }
    return [{ state: after, value: readMember(node, after, value) }];
  });
}

/** `list[0].wait()`, `list[0].seqno`: an element that is asked and left where it is. */
function isOnlyAsked(node: TSESTree.MemberExpression): boolean {
  const parent = parentOf(node);
  if (parent?.type !== T.MemberExpression || unwrapped(parent.object) !== node) return false;
  const name = memberName(parent);
  return name !== undefined && name !== 'put' && name !== '[Symbol.dispose]';
}

function readMember(node: TSESTree.MemberExpression, state: State, object: Value): Value {
  if (object.kind === 'many')
    return {
      ...readPath(state, node, object.origin === 'library' ? 'library' : 'element'),
      path: pathOf(node),
    };
  const isElement = node.computed && node.property.type !== T.Literal;
  const isIndexed =
    isElement ||
    (node.computed && node.property.type === T.Literal && typeof node.property.value === 'number');
  let origin: Origin = isIndexed ? 'element' : 'property';
  // An object made here, or one that came from nowhere known: its properties may well be its own to give.
  if (object.kind === 'unknown' && rootOf(node).type !== T.ThisExpression) origin = 'unknown';
  if (object.kind === 'fence' && object.origin === 'unknown' && !object.checked) origin = 'unknown';
  if (object.kind === 'closure' || object.kind === 'promise' || object.kind === 'constant') return unknown;
  const value = readPath(state, node, origin);
  // Asked only where a rule would otherwise have to guess who owns it: see `asFence`.
  return value.path === undefined ? { ...value, object: `x${String(node.range[0])}` } : value;
}

function isInOptionalChain(node: Node): boolean {
  for (let inner = node; ;) {
    if (inner.type === T.MemberExpression) {
      if (inner.optional) return true;
      inner = inner.object;
    } else if (inner.type === T.CallExpression) {
      if (inner.optional) return true;
      inner = inner.callee;
    } else if (inner.type === T.TSNonNullExpression) inner = inner.expression;
    else return false;
  }
  return false;
}

function evaluateAwait(run: Run, node: TSESTree.AwaitExpression, state: State): Outcome[] {
  return evaluate(run, node.argument, state).flatMap(({ state: after, value }): Outcome[] => {
    suspend(run, after, node);
    run.mayThrow(after, node, 'await');
    if (value.kind !== 'promise')
      return [
        { state: after, value: value.kind === 'fence' || value.kind === 'container' ? value : unknown },
      ];
    return resultOfType(run, after, value.call, value.of);
  });
}

/** Other code runs while a function waits: fields and fences may have changed. */
export function suspend(run: Run, state: State, node: Node): void {
  suspendInSections(run, state, node, 'await');
  state.facts.forgetWhere(
    (path) =>
      run.summaries.isMutableField(path, node) ||
      /\.(?:signaled|status|error|pending|length|size)$/.test(path),
  );
  for (const [object, facts] of state.objects) {
    if (facts.source !== undefined && facts.awaited === undefined) state.note(object, { awaited: node });
  }
}

/** A call's result by its type: a new reference, or nothing where that is possible too. */
export function resultOfType(
  run: Run,
  state: State,
  call: Node,
  type: { entity: string; nullable: boolean; brand?: string | undefined },
): Outcome[] {
  const resource = type.entity === 'DmaFence' || type.entity === 'DriverFence' ? 'fence' : undefined;
  const outcomes: Outcome[] = [];
  if (type.nullable) outcomes.push({ state: state.clone(), value: nothing });
  if (resource === undefined) {
    if (type.entity === 'ReservationLock' || type.entity === 'ReservationLocks') {
      const reference = acquire(run, state, call, { resource: 'lock' });
      outcomes.push({ state, value: { kind: 'guard', reference: reference.id } });
    } else outcomes.push({ state, value: unknown });
    return outcomes;
  }
  if (type.brand === 'borrowed') {
    const object = `x${String(call.range[0])}`;
    outcomes.push({
      state,
      value: {
        kind: 'fence',
        object,
        reference: undefined,
        origin: 'library',
        path: undefined,
        node: call,
        checked: true,
      },
    });
    return outcomes;
  }
  outcomes.push({ state, value: fenceOf(acquire(run, state, call)) });
  return outcomes;
}

function evaluateYield(run: Run, node: TSESTree.YieldExpression, state: State): Outcome[] {
  const outcomes = node.argument ? evaluate(run, node.argument, state) : [{ state, value: unknown }];
  return outcomes.map(({ state: after, value }) => {
    if (!node.delegate) transfer(run, after, value, node, { how: 'return' });
    suspendInSections(run, after, node, 'yield');
    // The consumer may never come back: the function then ends here, through its `finally` blocks.
    run.thrown.push({ state: after.clone(), node, how: 'yield' });
    return { state: after, value: unknown };
  });
}

function evaluateLogical(run: Run, node: TSESTree.LogicalExpression, state: State): Outcome[] {
  if (node.operator !== '??') {
    return evaluate(run, node.left, state).flatMap((outcome): Outcome[] => {
      const { yes, no } = branchOn(run, node.left, outcome);
      const [goOn, stop] = node.operator === '&&' ? [yes, no] : [no, yes];
      return [
        ...stop.map((each) => ({ state: each, value: outcome.value })),
        ...goOn.flatMap((each) => evaluate(run, node.right, each)),
      ];
    });
  }
  return evaluate(run, node.left, state).flatMap((outcome): Outcome[] => {
    const { value } = outcome;
    if (value.kind === 'nothing') return evaluate(run, node.right, outcome.state);
    const isPossiblyMissing =
      value.kind === 'unknown' ||
      (value.kind === 'fence' && value.reference === undefined) ||
      value.kind === 'many';
    if (!isPossiblyMissing) return [outcome];
    const fact = factPath(node.left, outcome.state);
    if (fact === false) return [outcome];
    const other = outcome.state.clone();
    learn(run, other, node.left, { nullish: true, truthy: false });
    learn(run, outcome.state, node.left, { nullish: false });
    if (fact === true) return evaluate(run, node.right, other);
    return [outcome, ...evaluate(run, node.right, other)];
  });
}

/** Whether the left side is known to be missing. */
function factPath(node: Node, state: State): boolean | undefined {
  const path = pathOf(node);
  const fact = path === undefined ? undefined : state.facts.get(path);
  return fact?.nullish ?? (fact?.truthy === true ? false : undefined);
}

function branchOn(run: Run, node: Node, outcome: Outcome): { yes: State[]; no: State[] } {
  const inner = unwrapped(node);
  // A pure condition is asked again so that its facts are learned; a call is judged by the value it gave.
  if (
    inner.type === T.CallExpression ||
    inner.type === T.AssignmentExpression ||
    inner.type === T.AwaitExpression
  ) {
    const known =
      outcome.value.kind === 'nothing'
        ? false
        : outcome.value.kind === 'constant'
          ? Boolean(outcome.value.value)
          : outcome.value.kind === 'unknown'
            ? undefined
            : true;
    if (known !== undefined)
      return known ? { yes: [outcome.state], no: [] } : { yes: [], no: [outcome.state] };
    return { yes: [outcome.state], no: [outcome.state.clone()] };
  }
  return branch(run, inner, outcome.state);
}

function evaluateUnary(run: Run, node: TSESTree.UnaryExpression, state: State): Outcome[] {
  if (node.operator === '!') {
    const { yes, no } = branch(run, node, state);
    return collapse(
      [
        ...yes.map((each) => ({ state: each, value: constant(true) })),
        ...no.map((each) => ({ state: each, value: constant(false) })),
      ],
      true,
    );
  }
  const outcomes = evaluate(run, node.argument, state);
  if (node.operator === 'delete')
    for (const outcome of outcomes) overwrite(run, outcome.state, node.argument, undefined);
  if (node.operator === 'void')
    return outcomes.map((outcome) => ({
      state: outcome.state,
      value: outcome.value.kind === 'fence' ? outcome.value : nothing,
    }));
  return outcomes.map((outcome) => ({ state: outcome.state, value: unknown }));
}

function evaluateArray(run: Run, node: TSESTree.ArrayExpression, state: State): Outcome[] {
  const elements = node.elements.filter((element) => element !== null);
  return evaluateAll(run, elements, state).map(({ state: after, values }) => {
    const id = `c${String(node.range[0])}`;
    for (const [index, value] of values.entries()) {
      const element = elements[index];
      if (element?.type === T.SpreadElement) {
        if (value.kind === 'container')
          for (const reference of [...after.references.values()])
            if (reference.holder === value.id && reference.status === 'held')
              after.update(reference.id, { holder: id });
        continue;
      }
      hold(run, after, id, value, element ?? node, String(index));
    }
    return { state: after, value: { kind: 'container', id } };
  });
}

function evaluateObject(run: Run, node: TSESTree.ObjectExpression, state: State): Outcome[] {
  const id = `c${String(node.range[0])}`;
  let states = [state];
  for (const property of node.properties) {
    if (property.type === T.SpreadElement) {
      states = states.flatMap((each) =>
        evaluate(run, property.argument, each).map((outcome) => {
          if (outcome.value.kind === 'container')
            transfer(run, outcome.state, outcome.value, property, { how: 'store' });
          return outcome.state;
        }),
      );
      continue;
    }
    if (property.computed) states = states.flatMap((each) => statesAfter(run, property.key, each));
    const name =
      property.key.type === T.Identifier && !property.computed
        ? property.key.name
        : property.key.type === T.Literal
          ? String(property.key.value)
          : undefined;
    states = states.flatMap((each) =>
      evaluate(run, property.value, each).map((outcome) => {
        hold(run, outcome.state, id, outcome.value, property, name);
        return outcome.state;
      }),
    );
    run.limit(states);
  }
  return states.map((each) => ({ state: each, value: { kind: 'container', id } }));
}
