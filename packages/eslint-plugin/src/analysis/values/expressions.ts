import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import { assign } from './assignments.js';
import { evaluateCall, evaluateNew } from '../calls/calls.js';
import { captureInClass } from './closures.js';
import { branch } from '../control/conditions.js';
import { evaluateArray, evaluateObject } from './literals.js';
import { evaluateLogical } from '../control/logical.js';
import { evaluateMember, readVariable } from './members.js';
import { leadElsewhere, overwrite } from '../state/paths.js';
import { BudgetExceeded, type Outcome, type Run } from '../run.js';
import { merged, weaken, type State } from '../state/state.js';
import { evaluateAwait, evaluateYield } from '../control/suspension.js';
import { children, isFunction, type Node, pathOf, unwrapped } from '../text/syntax.js';
import { constant, nothing, unknown, type Value, valueKey } from '../state/value.js';

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
      return [{ state, value: run.receiver ?? unknown }];
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
        if (path !== undefined) {
          outcome.state.facts.forget(path);
          leadElsewhere(outcome.state, path, node);
        }
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
      captureInClass(run, state, node);
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
    if (rows.length > fewRows) rows = alike(rows);
    run.limit(rows);
  }
  return rows;
}

interface Row {
  readonly state: State;
  values: Value[];
}

const fewRows = 8;

/** Rows that agree about ownership become one: of what differs otherwise nothing is known. */
function alike(rows: readonly Row[]): Row[] {
  const groups = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.values.map((value) => valueKey(value)).join(',')}|${row.state.signature()}`;
    const first = groups.get(key);
    if (first === undefined) groups.set(key, row);
    else {
      weaken(first.state, row.state);
      first.values = first.values.map((value, index) =>
        valueKey(value) === '' && value !== row.values[index] ? unknown : value,
      );
    }
  }
  return [...groups.values()];
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
