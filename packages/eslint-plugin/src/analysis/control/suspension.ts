import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import { putsIn } from '../judgement/evidence.js';
import { evaluate } from '../values/expressions.js';
import { transfer, use } from '../state/ownership.js';
import { hold } from '../values/holding.js';
import { resultOfType } from '../calls/results.js';
import type { Outcome, Run } from '../run.js';
import { suspendInSections } from '../state/sections.js';
import { suspendSlot } from '../protocol/slot.js';
import type { State } from '../state/state.js';
import { isUsing } from './scopes.js';
import {
  ancestors,
  descendants,
  isFunction,
  keyName,
  pathOf,
  unwrapped,
  type FunctionNode,
  type Node,
} from '../text/syntax.js';
import { unknown, type FenceValue } from '../state/value.js';

/** `await`: other code runs, and what the promise was for arrives. */
export function evaluateAwait(run: Run, node: TSESTree.AwaitExpression, state: State): Outcome[] {
  return evaluate(run, node.argument, state).flatMap(({ state: after, value }): Outcome[] => {
    suspend(run, after, node);
    run.mayThrow(after, node, 'await');
    if (value.kind === 'container') receiveAll(run, after, value.id);
    if (value.kind !== 'promise')
      return [
        { state: after, value: value.kind === 'fence' || value.kind === 'container' ? value : unknown },
      ];
    return resultOfType(run, after, value.call, value.of);
  });
}

/** `await Promise.all(list)`: what each promise of the list was for has arrived, and is in the list. */
function receiveAll(run: Run, state: State, id: string): void {
  for (const [key, value] of [...state.properties]) {
    if (value.kind !== 'promise' || !key.startsWith(`${id}.`)) continue;
    state.properties.delete(key);
    if (value.of.nullable || value.of.many) continue;
    const [outcome] = resultOfType(run, state, value.call, value.of);
    const name = key.slice(id.length + 1);
    if (outcome !== undefined)
      hold(run, state, id, outcome.value, value.call, name.startsWith('*') ? undefined : name);
  }
}

/** Other code runs while a function waits: fields and fences may have changed. */
export function suspend(run: Run, state: State, node: Node): void {
  suspendInSections(run, state, node, 'await');
  state.later = [];
  suspendSlot(run, state, node);
  state.facts.forgetWhere(
    (path) =>
      run.summaries.isMutableField(path, node) ||
      /\.(?:signaled|status|error|pending|length|size)$/.test(path),
  );
  for (const [object, facts] of state.objects) {
    if (facts.source !== undefined && facts.awaited === undefined) state.note(object, { awaited: node });
  }
}

/** `yield`: the value is the consumer’s, who may never come back. */
export function evaluateYield(run: Run, node: TSESTree.YieldExpression, state: State): Outcome[] {
  const outcomes = node.argument ? evaluate(run, node.argument, state) : [{ state, value: unknown }];
  return outcomes.map(({ state: after, value }) => {
    if (value.kind === 'container') keepLentParts(run, after, value.id, node);
    if (value.kind === 'fence' && isLent(run, after, value, node)) use(run, after, value, node);
    else if (!node.delegate) transfer(run, after, value, node, { how: 'return' });
    suspendInSections(run, after, node, 'yield');
    // The consumer may never come back: the function then ends here, through its `finally` blocks.
    run.thrown.push({ state: after.clone(), node, how: 'yield' });
    return { state: after, value: unknown };
  });
}

/** Whether what a generator yields stays its own: its type says so, or `using` or a `finally` puts it afterwards. */
function isLent(run: Run, state: State, { reference }: FenceValue, node: TSESTree.YieldExpression): boolean {
  if (reference !== undefined && state.references.get(reference)?.status === 'scoped') return true;
  return isPutAfter(run, node) || (node.argument ? run.resolver.isBorrowedSlot(node.argument) : false);
}

/** `yield { index, ready }`: what a `finally` around it puts is only lent. */
function keepLentParts(run: Run, state: State, id: string, node: TSESTree.YieldExpression): void {
  const record = node.argument ? unwrapped(node.argument) : undefined;
  if (record?.type !== T.ObjectExpression) return;
  for (const property of record.properties) {
    const key = property.type === T.Property ? `${id}.${keyName(property) ?? ''}` : id;
    const value = state.properties.get(key);
    if (property.type !== T.Property || value?.kind !== 'fence' || value.reference === undefined) continue;
    if (!isPutAfter(run, node, property.value)) continue;
    state.properties.delete(key);
    state.update(value.reference, { status: 'owned', holder: undefined });
  }
}

/** Whether a `finally` around a `yield` puts what was yielded. */
function isPutAfter(
  run: Run,
  node: TSESTree.YieldExpression,
  part: Node | null | undefined = node.argument,
): boolean {
  const name = part ? pathOf(part) : undefined;
  if (name === undefined) return false;
  let inner: Node = node;
  for (const outer of ancestors(node)) {
    if (isFunction(outer)) return false;
    if (outer.type === T.TryStatement && outer.finalizer && outer.finalizer !== inner)
      if (putsIn(run, outer.finalizer, name)) return true;
    inner = outer;
  }
  return false;
}

/** Whether a generator of this file keeps all that it yields, and puts it afterwards. */
export function onlyLends(run: Run, fn: FunctionNode): boolean {
  if (!fn.generator) return false;
  const yields = [...descendants(fn, run.names.sourceCode.visitorKeys)].filter(
    (node): node is TSESTree.YieldExpression => node.type === T.YieldExpression,
  );
  return yields.length > 0 && yields.every((node) => isPutAfter(run, node) || isScoped(run, node.argument));
}

function isScoped(run: Run, value: Node | undefined | null): boolean {
  const variable = value?.type === T.Identifier ? run.names.variable(value) : undefined;
  return variable !== undefined && isUsing(variable);
}
