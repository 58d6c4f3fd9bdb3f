import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import { branch, learn } from './conditions.js';
import { evaluate } from '../values/expressions.js';
import { asFence } from '../state/ownership.js';
import type { Outcome, Run } from '../run.js';
import type { State } from '../state/state.js';
import { type Node, pathOf, unwrapped } from '../text/syntax.js';
import { nothing, truthiness, unknown, type Value } from '../state/value.js';

/** `&&`, `||` and `??`: the right side runs on the paths that need it. */
export function evaluateLogical(run: Run, node: TSESTree.LogicalExpression, state: State): Outcome[] {
  if (node.operator !== '??') {
    return evaluate(run, node.left, state).flatMap((outcome): Outcome[] => {
      const { yes, no } = branchOn(run, node.left, outcome);
      const [goOn, stop] = node.operator === '&&' ? [yes, no] : [no, yes];
      return [
        ...stop.map((each) => ({
          state: each,
          value: node.operator === '&&' ? falsy(run, outcome.value, node.left) : outcome.value,
        })),
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

/** What `fence && …` gives where it stops: no fence. */
function falsy(run: Run, value: Value, node: Node): Value {
  if (value.kind !== 'fence' || value.reference !== undefined) return value;
  return asFence(run, value, node) === undefined ? unknown : nothing;
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
          : outcome.value.kind === 'unknown' || outcome.value.kind === 'one of'
            ? truthiness(outcome.value)
            : true;
    if (known !== undefined)
      return known ? { yes: [outcome.state], no: [] } : { yes: [], no: [outcome.state] };
    return { yes: [outcome.state], no: [outcome.state.clone()] };
  }
  return branch(run, inner, outcome.state);
}
