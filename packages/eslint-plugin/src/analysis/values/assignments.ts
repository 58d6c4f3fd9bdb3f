import { type TSESTree, AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isFenceEntity } from '../../types/vocabulary.js';
import { escape } from './closures.js';
import { branch } from '../control/conditions.js';
import { leakIfLost } from '../control/exits.js';
import { evaluate } from './expressions.js';
import { discard } from './containers.js';
import { contents, hold, remake } from './holding.js';
import type { Variable } from '../text/names.js';
import { asFence, transfer } from '../state/ownership.js';
import { leadElsewhere, overwrite, readPath } from '../state/paths.js';
import type { Outcome, Run } from '../run.js';
import { noteStore } from '../protocol/stores.js';
import { firstElement, giveUp, isSlot, readSlot, writeElement, writeSlot } from '../protocol/slot.js';
import { slotId, type State } from '../state/state.js';
import { keyName, memberName, pathOf, unwrapped, type Node } from '../text/syntax.js';
import { nothing, unknown, type FenceValue, type Value } from '../state/value.js';

/** An assignment in all its forms. */
export function assign(run: Run, node: TSESTree.AssignmentExpression, state: State): Outcome[] {
  switch (node.operator) {
    case '=':
      return evaluateTarget(run, node.left, state).flatMap((before) =>
        evaluate(run, node.right, before).map(({ state: after, value }) => {
          bind(run, after, node.left, value, node.right, node);
          return { state: after, value };
        }),
      );
    case '??=':
    case '||=':
    case '&&=': {
      const { yes, no } = branch(run, node.left, state);
      const [goOn, stop] = node.operator === '&&=' ? [yes, no] : [no, yes];
      return [
        ...stop.flatMap((each) => evaluate(run, node.left, each)),
        ...goOn.flatMap((each) =>
          evaluate(run, node.right, each).map(({ state: after, value }) => {
            bind(run, after, node.left, value, node.right, node);
            return { state: after, value };
          }),
        ),
      ];
    }
    default: {
      const path = pathOf(node.left);
      return evaluate(run, node.right, state).map(({ state: after }) => {
        if (path !== undefined) {
          after.facts.forget(path);
          leadElsewhere(after, path, node);
        }
        const variable = node.left.type === T.Identifier ? run.names.variable(node.left) : undefined;
        if (variable !== undefined) after.variables.delete(variable);
        return { state: after, value: unknown };
      });
    }
  }
}

/** The object and the computed name of a member are evaluated before the right side. */
function evaluateTarget(run: Run, target: Node, state: State): State[] {
  const node = unwrapped(target);
  if (node.type !== T.MemberExpression) return [state];
  const object = unwrapped(node.object);
  const isPlain =
    object.type === T.Identifier || object.type === T.ThisExpression || object.type === T.MemberExpression;
  return isPlain && !node.computed
    ? [state]
    : evaluate(run, node.object, state).map((outcome) => outcome.state);
}

/** Gives a value to a variable, a member or a pattern. */
export function bind(run: Run, state: State, target: Node, value: Value, source: Node, at: Node): void {
  const node = unwrapped(target);
  switch (node.type) {
    case T.Identifier: {
      const variable = run.names.variable(node);
      if (variable !== undefined) setVariable(run, state, variable, node, value, source, at);
      return;
    }
    case T.MemberExpression:
      storeMember(run, state, node, value, at);
      return;
    case T.AssignmentPattern:
      bind(run, state, node.left, value.kind === 'nothing' ? unknown : value, source, at);
      return;
    case T.ArrayPattern:
      if (value.kind === 'container' && value.id === slotId) {
        bindFirst(run, state, node, source, at);
        return;
      }
      if (value.kind === 'container' && value.inside !== true) unpack(run, state, value.id);
      for (const [index, element] of node.elements.entries()) {
        if (element === null) continue;
        const isRest = element.type === T.RestElement;
        bind(
          run,
          state,
          isRest ? element.argument : element,
          isRest
            ? restOf(run, state, value, element, (key) => Number(key) >= index)
            : part(run, state, { value, name: String(index), node: element, origin: 'element', source }),
          source,
          at,
        );
      }
      run.inHand = [];
      return;
    case T.ObjectPattern:
      if (value.kind === 'container' && value.inside !== true) unpack(run, state, value.id);
      for (const property of node.properties) {
        if (property.type === T.RestElement) {
          const taken = new Set(node.properties.map((one) => (one.type === T.Property ? keyName(one) : '')));
          const rest = restOf(run, state, value, property, (key) => !taken.has(key));
          bind(run, state, property.argument, rest, source, at);
          continue;
        }
        const name = property.key.type === T.Identifier && !property.computed ? property.key.name : undefined;
        bind(
          run,
          state,
          property.value,
          part(run, state, { value, name, node: property.value, origin: 'property', source }),
          source,
          at,
        );
      }
      run.inHand = [];
      return;
    default:
  }
}

/** `const [first] = this.list`: one element that the function knows from now on; of several it is not followed which. */
function bindFirst(run: Run, state: State, pattern: TSESTree.ArrayPattern, source: Node, at: Node): void {
  const [element] = pattern.elements;
  const isOne = pattern.elements.length === 1 && element?.type === T.Identifier;
  const value = isOne ? firstElement(run, state, pattern) : undefined;
  if (isOne && value !== undefined) {
    bind(run, state, element, value, source, at);
    return;
  }
  giveUp(run, state);
  bind(run, state, pattern, unknown, source, at);
}

/** What a literal held belongs to the names it is taken apart into. */
function unpack(run: Run, state: State, id: string): void {
  run.inHand = [...state.properties].filter(([key]) => key.startsWith(`${id}.`)).map(([, value]) => value);
  for (const { id: reference } of contents(state, id))
    state.update(reference, { status: 'owned', holder: undefined });
}

/** What a pattern leaves over of a literal is a container of its own. */
function restOf(
  run: Run,
  state: State,
  value: Value,
  node: TSESTree.RestElement,
  isLeft: (key: string) => boolean,
): Value {
  if (value.kind !== 'container' || value.inside === true) return unknown;
  const id = `c${String(node.range[0])}`;
  remake(state, id);
  const prefix = `${value.id}.`;
  let index = 0;
  for (const [key, held] of [...state.properties]) {
    const name = key.slice(prefix.length);
    if (!key.startsWith(prefix) || !isLeft(name)) continue;
    hold(run, state, id, held, node, node.parent.type === T.ArrayPattern ? String(index) : name);
    index += 1;
  }
  return { kind: 'container', id };
}

interface Part {
  /** What is taken apart. */
  readonly value: Value;
  readonly name: string | undefined;
  /** What the part is bound to. */
  readonly node: Node;
  readonly origin: 'element' | 'property';
  readonly source: Node;
}

/** One element or property of a value that is taken apart. */
function part(run: Run, state: State, { value, name, node, origin, source }: Part): Value {
  if (value.kind === 'container')
    return (name === undefined ? undefined : state.properties.get(`${value.id}.${name}`)) ?? unknown;
  if (value.kind === 'fence' && value.node.type === T.ObjectPattern && value.origin === 'parameter')
    return partOfParameter(run, value, node);
  const path = pathOf(source);
  if (path === undefined || name === undefined || value.kind === 'nothing') return unknown;
  const from =
    value.kind === 'many' || (value.kind === 'fence' && value.origin !== 'unknown') ? origin : 'unknown';
  const whole = `${path}.${name}`;
  return { ...readPath(state, node, from), path: whole, object: state.paths.get(whole) ?? whole };
}

/** `function submit({ fence }: Job)`: lent like the whole, unless its type says that it is handed over. */
function partOfParameter(run: Run, whole: FenceValue, node: Node): Value {
  if (node.type === T.ObjectPattern) return { ...whole, node };
  const type = node.type === T.Identifier ? run.resolver.typeOf(node) : undefined;
  if (node.type !== T.Identifier || type === undefined || type.many || type.promise) return unknown;
  if (!isFenceEntity(type.entity) || type.brand === 'owned') return unknown;
  return {
    ...whole,
    object: `p:${node.name}@${String(node.range[0])}`,
    origin: type.brand === 'borrowed' ? 'library' : whole.origin,
    path: node.name,
    node,
    checked: true,
  };
}

export function setVariable(
  run: Run,
  state: State,
  variable: Variable,
  node: TSESTree.Identifier,
  value: Value,
  source: Node,
  at: Node,
): void {
  if (!run.isLocal(variable)) {
    noteStore(run, state, node, value, source);
    if (isSlot(run, state, node)) {
      writeSlot(run, state, value, at);
      return;
    }
    if (value.kind === 'closure') escape(run, state, value.node, at, {});
    else transfer(run, state, value, at, { how: 'store', holder: node.name });
    overwrite(run, state, node, value);
    return;
  }
  const before = state.variables.get(variable);
  state.facts.forget(node.name);
  leadElsewhere(state, node.name, at);
  state.variables.delete(variable);
  // A literal under a name that keeps it needs no state: conditions on the name look at what it stands for.
  const isLiteral =
    value.kind === 'constant' && unwrapped(source).type === T.Literal && run.names.isConstant(variable);
  const kept = value.kind === 'unknown' || isLiteral ? undefined : value;
  if (kept !== undefined) state.variables.set(variable, named(run, state, kept, source));
  if (before !== undefined && before !== value) leakIfLost(run, state, before, at, 'overwrite', value);
}

/** A fence read from a place that others may change is looked at again when it is used later. */
function named(run: Run, state: State, value: Value, source: Node): Value {
  if (value.kind !== 'fence' || value.reference !== undefined) return value;
  if (value.origin !== 'property' && value.origin !== 'element') return value;
  // Of a pattern the source is the whole that is taken apart: the name says what the part is.
  const fence = asFence(run, value, source) ?? asFence(run, value, value.node);
  if (fence === undefined) return value;
  if (fence.origin !== 'library')
    state.note(fence.object, { source: fence.node, awaited: undefined, signaled: undefined });
  return fence;
}

function storeMember(
  run: Run,
  state: State,
  target: TSESTree.MemberExpression,
  value: Value,
  at: Node,
): void {
  if (isSlot(run, state, target)) {
    writeSlot(run, state, value, at);
    return;
  }
  const name = memberName(target);
  const object = unwrapped(target.object);
  noteStore(
    run,
    state,
    target.computed ? object : target,
    value,
    at.type === T.AssignmentExpression ? at.right : undefined,
  );
  if (isSlot(run, state, object) && run.place?.content !== 'single') {
    writeElement(run, state, target, value, at);
    return;
  }
  const variable = object.type === T.Identifier ? run.names.variable(object) : undefined;
  const held = isSlot(run, state, object) ? readSlot(run, state) : variable && state.variables.get(variable);
  const owner = object.type === T.ThisExpression ? run.receiver : held;
  if (owner?.kind === 'container') {
    if (name === 'length') {
      if (value.kind !== 'constant' || value.value !== 0) run.unfollowed.add(owner.id);
      discard(run, state, owner.id, at);
      return;
    }
    const before = name === undefined ? undefined : state.properties.get(`${owner.id}.${name}`);
    hold(run, state, owner.id, value, at, name);
    if (
      before?.kind === 'fence' &&
      before.reference !== undefined &&
      (value.kind !== 'fence' || value.reference !== before.reference)
    ) {
      const reference = state.references.get(before.reference);
      if (reference?.status === 'held') {
        state.update(reference.id, { status: 'owned' });
        leakIfLost(run, state, before, at, 'overwrite', value);
      }
    }
    return;
  }
  if (value.kind === 'fence' || value.kind === 'container' || value.kind === 'guard') {
    const type = value.kind === 'fence' ? run.resolver.typeOf(target) : undefined;
    const lent =
      type?.brand === 'borrowed' || (value.kind === 'fence' && run.resolver.isBorrowedProperty(target));
    const fence =
      value.kind === 'fence'
        ? asFence(run, value, at.type === T.AssignmentExpression ? at.right : at)
        : undefined;
    if (!lent && (value.kind !== 'fence' || fence !== undefined)) {
      noteFieldStore(run, state, target, value, at);
      noteProducer(state, value, type?.entity);
      transfer(run, state, fence ?? value, at, { how: 'store', holder: pathOf(target) });
    }
  } else if (value.kind === 'closure') escape(run, state, value.node, at, { outlives: true });
  else if (value.kind === 'nothing') noteFieldStore(run, state, target, value, at);
  overwrite(run, state, target, value === nothing ? undefined : value);
}

/** A fence stored where only its consumer's side shows is published; elsewhere its producer's side goes along. */
export function noteProducer(state: State, value: Value, entity: string | undefined): void {
  if (value.kind !== 'fence') return;
  state.note(
    value.object,
    entity === 'DmaFence' ? { published: true } : { published: true, producerElsewhere: true },
  );
}

/** Remembers that a field may still hold a fence at the moment it is written over, or emptied; see `class-fields`. */
function noteFieldStore(
  run: Run,
  state: State,
  target: TSESTree.MemberExpression,
  value: Value,
  at: Node,
): void {
  if (target.object.type !== T.ThisExpression) return;
  const isOwned =
    value.kind === 'fence' &&
    value.reference !== undefined &&
    state.references.get(value.reference)?.status === 'owned';
  if (isOwned) run.ownedStores.add(at);
  if (!isOwned && value.kind !== 'nothing') return;
  const path = pathOf(target);
  if (path === undefined) return;
  const object = state.paths.get(path) ?? path;
  const fact = state.facts.get(path);
  const isEmpty = fact?.truthy === false || fact?.nullish === true || state.paths.has(path);
  const isPut = state.objects.get(object)?.put !== undefined;
  const isKept = [...state.variables.values()].some((one) => one.kind === 'fence' && one.path === path);
  if (!isEmpty && !isPut)
    run.fieldStores.set(at, { field: path.slice('this.'.length), node: target, isEmptied: !isOwned, isKept });
}
