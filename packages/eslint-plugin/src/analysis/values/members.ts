import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import { isFenceEntity } from '../../types/vocabulary.js';
import { evaluate } from './expressions.js';
import { containersIn, contents, namedIn, unfollow } from './holding.js';
import { acquire, asFence, fenceOf, use } from '../state/ownership.js';
import { readPath } from '../state/paths.js';
import type { Outcome, Run } from '../run.js';
import { isSlot, readElement, readSlot } from '../protocol/slot.js';
import { slotId, type State } from '../state/state.js';
import { memberName, type Node, parentOf, pathOf, rootOf, unwrapped, isPutName } from '../text/syntax.js';
import { constantsOf, nothing, type Origin, some, unknown, type Value } from '../state/value.js';

/** The value of a name. */
export function readVariable(
  run: Run,
  node: TSESTree.Identifier | TSESTree.JSXIdentifier,
  state: State,
): Value {
  const variable = run.names.variable(node);
  if (variable === undefined || variable.defs.length === 0)
    return node.name === 'undefined' ? nothing : unknown;
  if (isSlot(run, state, node)) return readSlot(run, state);
  const known = state.variables.get(variable);
  if (known !== undefined) return known;
  if (node.type === T.Identifier) {
    const named = run.names.functionNamed(node);
    if (named !== undefined) return { kind: 'closure', node: named, record: false };
  }
  const isHere = run.isLocal(variable);
  return readPath(state, node, isHere ? 'unknown' : 'outer');
}

/** The value of a member, with what reading it asks of the object. */
export function evaluateMember(run: Run, node: TSESTree.MemberExpression, state: State): Outcome[] {
  if (isSlot(run, state, node)) return [{ state, value: readSlot(run, state) }];
  const name = memberName(node);
  if (name !== undefined && makesFence(run, node, name))
    return [{ state, value: fenceOf(acquire(run, state, node)) }];
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
        if (value.id === slotId)
          return node.computed ? readElement(run, node, after) : [{ state: after, value: unknown }];
        const stored = name === undefined ? undefined : after.properties.get(`${value.id}.${name}`);
        if (stored !== undefined) return [{ state: after, value: stored }];
        if (name === 'length' || name === 'size')
          return [{ state: after, value: countOf(run, after, value.id) }];
        // What else a record in a place has is nobody's concern.
        if (value.id.startsWith(slotId)) return [{ state: after, value: unknown }];
        if (!node.computed && isAllNamed(after, value.id)) return [{ state: after, value: unknown }];
        if (!isOnlyAsked(node) || containersIn(after, value.id).size > 0) unfollow(run, after, value.id);
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

/** `this.ready`, where a getter of the class gives out a reference of its own each time. */
function makesFence(run: Run, node: TSESTree.MemberExpression, name: string): boolean {
  if (node.object.type !== T.ThisExpression) return false;
  const getter = run.summaries.methodOf(node, name);
  if (getter?.parent.type !== T.MethodDefinition || getter.parent.kind !== 'get') return false;
  const type = run.resolver.typeOf(node);
  if (
    type === undefined ||
    type.many ||
    type.promise ||
    !isFenceEntity(type.entity) ||
    type.brand === 'borrowed'
  )
    return false;
  return !run.resolver.isBorrowedProperty(node) && run.summaries.ofCallee(getter)?.returns === 'owned';
}

/** Whether all that a container holds has a name in there, so that no other name leads to it. */
function isAllNamed(state: State, id: string): boolean {
  const held = contents(state, id);
  const named = namedIn(state, id);
  return held.length > 0 && held.every((reference) => named.has(reference.id));
}

/** How many a container made here holds, as far as it is known what it holds. */
function countOf(run: Run, state: State, id: string): Value {
  return !run.unfollowed.has(id) && contents(state, id).length > 0 ? some : unknown;
}

/** `list[0].wait()`, `list[0].seqno`: an element that is asked and left where it is. */
function isOnlyAsked(node: TSESTree.MemberExpression): boolean {
  const parent = parentOf(node);
  if (parent?.type !== T.MemberExpression || unwrapped(parent.object) !== node) return false;
  const name = memberName(parent);
  return name !== undefined && !isPutName(name);
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
  // A collection of the function around, which knows whether it owns what is in it.
  if (object.kind === 'fence' && object.origin === 'outer') origin = 'outer';
  if (object.kind === 'closure' || object.kind === 'promise' || constantsOf(object)) return unknown;
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
