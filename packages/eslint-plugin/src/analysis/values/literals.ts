import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import { evaluate, evaluateAll, statesAfter } from './expressions.js';
import { hold, remake } from './holding.js';
import { transfer } from '../state/ownership.js';
import type { Outcome, Run } from '../run.js';
import { merged, type State } from '../state/state.js';
import { unknown, type Value } from '../state/value.js';

/** An array literal: a container of what its elements give up. */
export function evaluateArray(run: Run, node: TSESTree.ArrayExpression, state: State): Outcome[] {
  const elements = node.elements.filter((element) => element !== null);
  return evaluateAll(run, elements, state).map(({ state: after, values }) => {
    const id = `c${String(node.range[0])}`;
    remake(after, id);
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

/** An object literal: a container of what its properties give up. */
export function evaluateObject(run: Run, node: TSESTree.ObjectExpression, state: State): Outcome[] {
  const id = `c${String(node.range[0])}`;
  remake(state, id);
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
        hold(run, outcome.state, id, lentTo(run, outcome.value, property), property, name);
        return outcome.state;
      }),
    );
    // Twenty properties that may be missing are not a million paths.
    states = merged(states);
    run.limit(states);
  }
  return states.map((each) => ({ state: each, value: { kind: 'container', id } }));
}

/** A fence in a property that is declared not to own is nobody's concern here. */
function lentTo(run: Run, value: Value, property: TSESTree.Property): Value {
  return value.kind === 'fence' && run.resolver.isBorrowedSlot(property) ? unknown : value;
}
