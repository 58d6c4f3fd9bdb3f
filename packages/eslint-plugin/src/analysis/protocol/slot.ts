import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import { leakIfLost, lose } from '../control/exits.js';
import type { Loss } from '../finding.js';
import type { Outcome, Run } from '../run.js';
import { fenceOf } from '../state/ownership.js';
import { isOfPlace, slotId, type Reference, type Standing, type State } from '../state/state.js';
import type { Variable } from '../text/names.js';
import {
  ancestors,
  descendants,
  type FunctionNode,
  isFunction,
  isPutName,
  isWithin,
  isWritten,
  memberName,
  type Node,
  parentOf,
  rootOf,
  unwrapped,
} from '../text/syntax.js';
import { constant, nothing, unknown, type FenceValue, type Value } from '../state/value.js';
import { evaluateAll } from '../values/expressions.js';
import { bind } from '../values/assignments.js';
import { contents, hold } from '../values/holding.js';
import { calledBy, filterOf, type Place } from './place.js';

/**
 * What stands in the place that a run is about, as far as this path knows: between two functions it owns all that is in
 * it. A single one is the property `slot` of the container that stands for the place; an element that was looked up
 * stands under the text of its key, present on one path and missing on the other; all others are one element, `rest`.
 */
const slot = `${slotId}.slot`;
const rest = `${slotId}.rest`;

/** The place as a function finds it that is called from outside: full. */
export function fill(state: State, place: Place): void {
  state.properties.set(
    place.content === 'single' ? slot : rest,
    elementOf(state, place, { key: 'kept', standing: 'kept', holder: slotId }),
  );
}

/** A reference that a place had before the function began. */
function referenceOf(place: Place, given: Omit<Reference, 'resource' | 'site' | 'name'>): Reference {
  return { resource: 'fence', site: place.site, name: place.name, ...given };
}

interface Element {
  /** What tells it from others that are known of on the same path. */
  readonly key: string;
  readonly standing: Standing;
  /** Who has it; undefined: whoever called. */
  readonly holder?: string;
  readonly at?: Node;
}

/** Makes an element that the place owns. */
function elementOf(state: State, place: Place, { key, standing, holder, at = place.site }: Element): Value {
  const make = (own: string, name: string, holding: string | undefined): Reference => {
    const status = holding === undefined ? 'owned' : 'held';
    const given = { id: own, object: own, status, at, holder: holding, standing } as const;
    const reference = { ...referenceOf(place, given), name };
    state.objects.delete(own);
    state.references.set(own, reference);
    return reference;
  };
  const own = freshIn(state, `${slotId}${key}`);
  if (place.records === undefined) return fenceOf(make(own, place.name, holder));
  for (const property of place.records)
    state.properties.set(
      `${own}.${property}`,
      fenceOf(make(`${own}:${property}`, `${place.name}.${property}`, own)),
    );
  return { kind: 'container', id: own };
}

/** The same place of the text may be passed again while somebody has what it gave out before. */
function freshIn(state: State, id: string): string {
  let fresh = id;
  const isTaken = (): boolean =>
    state.references.has(fresh) || [...state.references.keys()].some((one) => one.startsWith(`${fresh}:`));
  for (let turn = 0; turn < 3 && isTaken(); turn += 1) fresh += "'";
  return fresh;
}

/** Whether an expression is the place that the run is about, and it is still known what stands there. */
export function isSlot(run: Run, state: State, node: Node): boolean {
  return run.place?.mentions.has(node) === true && !state.escaped.has(slotId);
}

/** Nothing is said any more of what is in the place. */
export function giveUp(run: Run, state: State): void {
  if (run.place === undefined || state.escaped.has(slotId)) return;
  for (const { id } of contents(state, slotId)) state.update(id, { status: 'shared', holder: undefined });
  for (const key of [...state.properties.keys()])
    if (key.startsWith(`${slotId}.`)) state.properties.delete(key);
  state.escaped.add(slotId);
}

/** Where something was put that the place still has at one of the ends of a function. */
export function leftPut(ends: readonly State[]): Reference | undefined {
  for (const state of ends) {
    for (const [key, value] of state.properties) {
      if (!key.startsWith(`${slotId}.`)) continue;
      const gone = referencesOf(state, value).find((one) => isOfPlace(one) && one.status === 'put');
      if (gone !== undefined) return gone;
    }
  }
  return undefined;
}

/** Nothing is said any more of a value that the place had. */
export function shareOfPlace(state: State, value: Value): void {
  for (const reference of referencesOf(state, value))
    if (isOfPlace(reference)) state.update(reference.id, { status: 'shared', holder: undefined });
}

/** The value of the place itself. */
export function readSlot(run: Run, state: State): Value {
  if (run.place?.content !== 'single') return { kind: 'container', id: slotId };
  const value = state.properties.get(slot) ?? nothing;
  markSeen(state, value);
  return value;
}

/** The function knows from now on what it is. */
function markSeen(state: State, value: Value): void {
  for (const { id, standing } of referencesOf(state, value))
    if (standing === 'unseen' || standing === 'kept') state.update(id, { standing: 'looked up' });
}

/** `this.slot = value`: what stood there is lost if nothing else leads to it. */
export function writeSlot(run: Run, state: State, value: Value, at: Node): void {
  if (run.place?.content === 'single') {
    replace(run, state, slot, value, at, 'overwrite');
    return;
  }
  if (value.kind === 'container' && value.id === slotId) return;
  const isEmpty = value.kind === 'container' && contents(state, value.id).length === 0;
  if (state.naming.hasContainer(slotId)) detach(run, state, at);
  else if (isEmpty && !run.unfollowed.has(value.id)) clear(run, state, at);
  giveUp(run, state);
}

/** `this.ring[index] = value`. */
export function writeElement(
  run: Run,
  state: State,
  target: TSESTree.MemberExpression,
  value: Value,
  at: Node,
): void {
  const key = target.computed ? keyOf(run, state, target.property) : undefined;
  if (!target.computed) {
    if (at.type === T.AssignmentExpression && isZero(at.right)) clear(run, state, at);
    // `list.length = count`: how many stay is not known.
    else if (memberName(target) === 'length') loseOne(run, state, at);
    giveUp(run, state);
  } else if (key === undefined) giveUp(run, state);
  else {
    // Emptied by name, whatever stood there.
    const isUnseen = value.kind === 'nothing' && !state.properties.has(key);
    if (isUnseen && run.place !== undefined && hasRest(state))
      state.properties.set(key, elementOf(state, run.place, unseenAt(target)));
    replace(run, state, key, value, at, 'overwrite');
  }
}

function isZero(node: Node): boolean {
  const value = unwrapped(node);
  return value.type === T.Literal && value.value === 0;
}

/** `this.ring[index]`. */
export function readElement(run: Run, node: TSESTree.MemberExpression, state: State): Outcome[] {
  return lookUp(run, state, node.property);
}

/** What stands under a key leaves, and something else, or nothing, comes there. */
function replace(run: Run, state: State, key: string, value: Value, at: Node, how: Loss): void {
  const before = state.properties.get(key);
  state.properties.delete(key);
  if (before !== undefined) release(state, before, at);
  if (value.kind === 'fence' || value.kind === 'container')
    hold(run, state, slotId, value, at, key.slice(slotId.length + 1));
  else state.properties.set(key, nothing);
  if (before !== undefined && before !== value) leakIfLost(run, state, before, at, how, value);
}

/** What a fence value stood for is its holder's no longer. */
function release(state: State, value: Value, at: Node): void {
  const reference =
    value.kind === 'fence' && value.reference ? state.references.get(value.reference) : undefined;
  if (reference?.status === 'held' && reference.holder === slotId)
    state.update(reference.id, { status: 'owned', at, holder: undefined });
}

/** Takes everything out: what was not put is lost. */
function clear(run: Run, state: State, at: Node): void {
  for (const [key, value] of [...state.properties])
    if (key.startsWith(`${slotId}.`) && (value.kind === 'fence' || value.kind === 'container'))
      replace(run, state, key, nothing, at, 'clear');
  for (const reference of contents(state, slotId)) {
    state.update(reference.id, { status: 'owned', holder: undefined });
    if (!state.isReachable(reference)) lose(run, state, reference, at, 'clear');
  }
}

/** All that is in the place is the function's own from now on: `const all = this.list; this.list = []`. */
function detach(run: Run, state: State, at: Node): Value {
  const value: Value = { kind: 'container', id: `c${String(at.range[0])}:${String(at.range[1])}` };
  for (const [variable, known] of [...state.variables])
    if (known.kind === 'container' && known.id === slotId) state.variables.set(variable, value);
  for (const [key, held] of [...state.properties]) {
    if (!key.startsWith(`${slotId}.`)) continue;
    state.properties.delete(key);
    state.properties.set(`${value.id}${key.slice(slotId.length)}`, held);
  }
  for (const { id, status, holder } of [...state.references.values()])
    if (status === 'held' && holder === slotId) state.update(id, { at, holder: value.id });
  giveUp(run, state);
  return value;
}

/** The key of an element, by the text it is named with; undefined if the text may name another one next time. */
function keyOf(run: Run, state: State, node: Node): string | undefined {
  const owner = placeOfOwner(run, state, node);
  if (owner !== undefined) return owner;
  const variables: Variable[] = [];
  if (!isSteady(run, node, variables)) return undefined;
  const key = `${slotId}.[${run.names.sourceCode.getText(node)}]`;
  run.keys.set(key, variables);
  return key;
}

function isSteady(run: Run, expression: Node, variables: Variable[]): boolean {
  const node = unwrapped(expression);
  switch (node.type) {
    case T.Identifier: {
      const variable = run.names.variable(node);
      if (variable === undefined || !isSettled(run, variable, node)) return false;
      variables.push(variable);
      return true;
    }
    case T.Literal:
      return true;
    case T.ThisExpression:
      return true;
    case T.MemberExpression:
      // A field may be written by whoever is called in between: `this.#next++`.
      return (
        node.object.type !== T.ThisExpression &&
        isSteady(run, node.object, variables) &&
        (!node.computed || isSteady(run, node.property, variables))
      );
    case T.TemplateLiteral:
      return node.expressions.every((one) => isSteady(run, one, variables));
    default:
      return false;
  }
}

/** Whether a name stands for the same value from here on: it is written before, and in no loop that comes back. */
function isSettled(run: Run, variable: Variable, node: Node): boolean {
  if (run.names.isConstant(variable)) return true;
  const loops = [...ancestors(node)].filter(({ type }) => /^(?:For|While|DoWhile)/.test(type));
  return variable.references.every((reference) => {
    if (!reference.isWrite() || reference.init === true) return true;
    const { identifier } = reference;
    const isBefore = identifier.range[1] <= node.range[0];
    return isBefore && !loops.some((loop) => isWithin(identifier, loop));
  });
}

/** An element under a key: on one path it is there, on the other it is missing. */
function lookUp(
  run: Run,
  state: State,
  key: Node | undefined,
  standing: 'looked up' | 'unseen' = 'looked up',
): Outcome[] {
  const name = key === undefined ? undefined : keyOf(run, state, key);
  if (run.place === undefined || name === undefined || !hasRest(state)) {
    giveUp(run, state);
    return [{ state, value: unknown }];
  }
  const known = state.properties.get(name);
  if (known !== undefined) {
    if (standing === 'looked up') markSeen(state, known);
    return [{ state, value: known }];
  }
  const absent = state.clone();
  absent.properties.set(name, nothing);
  const subject = subjectOf(run, key);
  const seen = subject === undefined ? standing : 'looked up';
  const value = elementOf(state, run.place, { key: positionOf(key), standing: seen, holder: slotId });
  state.properties.set(name, value);
  if (subject !== undefined) state.variables.set(subject, value);
  return [
    { state, value },
    { state: absent, value: nothing },
  ];
}

/** `job`, where the key is `job.id` and that is how the place finds its records: what is found there is the job. */
function subjectOf(run: Run, key: Node | undefined): Variable | undefined {
  const node = key === undefined ? undefined : unwrapped(key);
  if (node?.type !== T.MemberExpression || memberName(node) !== run.place?.keyedBy) return undefined;
  const variable = run.names.variable(node.object);
  return variable !== undefined && run.isLocal(variable) ? variable : undefined;
}

/** Where an element stands that a key is a part of: `tile.key`, `key` being read from the tile itself. */
function placeOfOwner(run: Run, state: State, key: Node): string | undefined {
  const variable = run.names.variable(rootOf(key));
  const id = idOf((variable && state.variables.get(variable)) ?? nothing);
  if (id === undefined || unwrapped(key).type === T.Identifier) return undefined;
  for (const [name, value] of state.properties)
    if (name.startsWith(`${slotId}.`) && idOf(value) === id) return name;
  return undefined;
}

/** Whether what was not looked up is as it was when the function began. */
function hasRest(state: State): boolean {
  const value = state.properties.get(rest);
  if (value === undefined) return false;
  return referencesOf(state, value).every(({ status }) => status === 'held');
}

function referencesOf(state: State, value: Value): Reference[] {
  if (value.kind === 'fence') {
    const reference = value.reference === undefined ? undefined : state.references.get(value.reference);
    return reference === undefined ? [] : [reference];
  }
  return value.kind === 'container'
    ? [...state.references.values()].filter(({ holder }) => holder === value.id)
    : [];
}

const looking: ReadonlySet<string> = new Set(['get', 'at']);
const asking: ReadonlySet<string> = new Set(['includes', 'indexOf', 'lastIndexOf', 'join', 'keys']);
const viewing: ReadonlySet<string> = new Set(['values', 'entries']);
const inserting: ReadonlySet<string> = new Set(['push', 'unshift', 'add']);
const finding: ReadonlySet<string> = new Set(['find', 'findLast']);
const going: ReadonlySet<string> = new Set(['forEach', 'some', 'every', 'map']);

/** A method of the collection in a place; undefined: the ordinary rules for one made here will do. */
export function callOnSlot(
  run: Run,
  node: TSESTree.CallExpression,
  state: State,
  name: string,
): Outcome[] | undefined {
  const [test] = node.arguments;
  if (going.has(name) && isFunction(test)) return undefined;
  if (finding.has(name) && isFunction(test)) return find(run, state, node, test);
  if (name === 'filter' && isFunction(test) && isStoredBack(node)) return keepSome(run, state, node, test);
  return evaluateAll(run, node.arguments, state).flatMap(({ state: after, values }): Outcome[] => {
    const [first, second = unknown] = values;
    const [key, item] = node.arguments;
    if (looking.has(name)) return lookUp(run, after, key);
    if (viewing.has(name)) return [{ state: after, value: { kind: 'container', id: slotId } }];
    if (asking.has(name)) return [{ state: after, value: unknown }];
    if (inserting.has(name)) {
      for (const [index, value] of values.entries())
        hold(run, after, slotId, value, node.arguments[index] ?? node);
      return [{ state: after, value: unknown }];
    }
    switch (name) {
      case 'has':
        if (run.place?.content !== 'map' || key === undefined || keyOf(run, after, key) === undefined)
          return [{ state: after, value: unknown }];
        return lookUp(run, after, key, 'unseen').map((outcome) => ({
          state: outcome.state,
          value: outcome.value.kind === 'unknown' ? unknown : constant(outcome.value.kind !== 'nothing'),
        }));
      case 'set': {
        const at = key === undefined ? undefined : keyOf(run, after, key);
        if (at === undefined) hold(run, after, slotId, second, item ?? node);
        else replace(run, after, at, second, node, 'overwrite');
        return [{ state: after, value: { kind: 'container', id: slotId } }];
      }
      case 'delete':
        return remove(run, after, node, key, first);
      case 'clear':
        clear(run, after, node);
        giveUp(run, after);
        return [{ state: after, value: unknown }];
      case 'shift':
      case 'pop':
        return takeOut(run, after, node);
      default:
        if (name === 'splice' && node.arguments.length === 1 && key !== undefined && isZero(key))
          return [{ state: after, value: detach(run, after, node) }];
        if (name === 'splice' && parentOf(node)?.type === T.ExpressionStatement) loseOne(run, after, node);
        giveUp(run, after);
        return [{ state: after, value: unknown }];
    }
  });
}

/** `list.find(test)`: an element that the function knows from now on, or none. */
function find(run: Run, state: State, node: Node, test: FunctionNode): Outcome[] {
  if (run.place === undefined || !hasRest(state) || test.async) {
    giveUp(run, state);
    return [{ state, value: unknown }];
  }
  const key = `${slotId}.[${positionOf(node)}]`;
  run.keys.set(key, variablesIn(run, test));
  const absent = state.clone();
  const value = elementOf(state, run.place, { key: positionOf(node), standing: 'looked up', holder: slotId });
  state.properties.set(key, value);
  return [
    { state, value },
    { state: absent, value: nothing },
  ];
}

/** An element that stands first; undefined: nothing is known of the place any more. */
export function firstElement(run: Run, state: State, at: Node): Value | undefined {
  if (run.place === undefined || !hasRest(state)) return undefined;
  const value = elementOf(state, run.place, { key: positionOf(at), standing: 'looked up', holder: slotId });
  state.properties.set(`${slotId}.[${positionOf(at)}]`, value);
  return value;
}

/** The variables that a function has from around it. */
function variablesIn(run: Run, fn: FunctionNode): Variable[] {
  const found: Variable[] = [];
  for (const node of descendants(fn, run.names.sourceCode.visitorKeys)) {
    const variable = node.type === T.Identifier ? run.names.variable(node) : undefined;
    if (variable?.identifiers.every((identifier) => !isWithin(identifier, fn)) === true) found.push(variable);
  }
  return found;
}

function isStoredBack(node: Node): boolean {
  const parent = parentOf(node);
  return parent?.type === T.AssignmentExpression && filterOf(parent.left) === node;
}

/** `list = list.filter(test)`: what the test leaves out is lost, or is the one that it names. */
function keepSome(run: Run, state: State, node: TSESTree.CallExpression, test: FunctionNode): Outcome[] {
  const value: Value = { kind: 'container', id: slotId };
  if (putsSomething(run, test)) {
    giveUp(run, state);
    return [{ state, value }];
  }
  const named = namedIn(run, test);
  if (named === undefined) {
    loseOne(run, state, node);
    return [{ state, value }];
  }
  const known = state.variables.get(named) ?? unknown;
  const name = [...state.properties].find(
    ([key, one]) => key.startsWith(`${slotId}.`) && idOf(one) === idOf(known),
  )?.[0];
  if (idOf(known) !== undefined && name !== undefined) replace(run, state, name, nothing, node, 'clear');
  else if (known.kind === 'fence')
    return takeNamed(run, state, known, node).map((one) => ({ state: one.state, value }));
  else giveUp(run, state);
  return [{ state, value }];
}

/** Whether a test puts what it leaves out, or calls somebody who may. */
function putsSomething(run: Run, test: FunctionNode): boolean {
  for (const node of descendants(test, run.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (node.type === T.MemberExpression && isPutName(memberName(node))) return true;
    if (node.type === T.CallExpression && node.arguments.length > 0) return true;
  }
  return false;
}

/** `(other) => other !== item`: the variable that a test compares each element with. */
function namedIn(run: Run, test: FunctionNode): Variable | undefined {
  for (const node of descendants(test, run.names.sourceCode.visitorKeys)) {
    if (node.type !== T.BinaryExpression || !/^[!=]==?$/.test(node.operator)) continue;
    for (const side of [node.left, node.right]) {
      const variable = run.names.variable(rootOf(side));
      if (variable?.identifiers.every((identifier) => !isWithin(identifier, test)) === true) return variable;
    }
  }
  return undefined;
}

/** `delete(key)`: what was looked up under the key is lost, or somebody has it; of another one nothing was kept. */
function remove(
  run: Run,
  state: State,
  node: TSESTree.CallExpression,
  key: Node | undefined,
  value: Value | undefined,
): Outcome[] {
  if (run.place?.content === 'set') {
    const held =
      value?.kind === 'fence' && value.reference ? state.references.get(value.reference) : undefined;
    if (held?.holder === slotId && value !== undefined) {
      for (const place of state.naming.placesOfReference(held.id)) state.properties.delete(place);
      release(state, value, node);
      leakIfLost(run, state, value, node, 'clear');
      return [{ state, value: constant(true) }];
    }
    return value?.kind === 'fence' ? takeNamed(run, state, value, node) : [{ state, value: unknown }];
  }
  const name = key === undefined ? undefined : keyOf(run, state, key);
  if (name === undefined) {
    giveUp(run, state);
    return [{ state, value: unknown }];
  }
  const outcomes = state.properties.has(name) ? [{ state }] : lookUp(run, state, key, 'unseen');
  return outcomes.map(({ state: after }) => {
    const before = after.properties.get(name);
    if (before === undefined) return { state: after, value: unknown };
    replace(run, after, name, nothing, node, 'clear');
    return { state: after, value: constant(before.kind !== 'nothing') };
  });
}

/** `set.delete(fence)`: where it answers true, the name has from now on the reference that the set had. */
function takeNamed(run: Run, state: State, value: FenceValue, node: Node): Outcome[] {
  const { place } = run;
  if (place === undefined || state.referencesOn(value.object).length > 0 || !hasRest(state))
    return [{ state, value: unknown }];
  const missing = state.clone();
  const { key, ...element } = unseenAt(node);
  const id = freshIn(state, `${slotId}${key}`);
  const given = { ...element, id, object: value.object, at: node, holder: undefined };
  state.references.set(id, referenceOf(place, { ...given, status: 'owned', floating: true }));
  return [
    { state, value: constant(true) },
    { state: missing, value: constant(false) },
  ];
}

/** `shift()`: there is one, which belongs to whoever calls, or there is none. */
function takeOut(run: Run, state: State, node: TSESTree.CallExpression): Outcome[] {
  if (run.place === undefined) return [{ state, value: unknown }];
  const isKnown = [...state.properties.keys()].some((key) => key.startsWith(`${slotId}.[`));
  if (isKnown) {
    // It may be the one that was looked at.
    giveUp(run, state);
    return [{ state, value: unknown }];
  }
  if (parentOf(node)?.type === T.ExpressionStatement) {
    loseOne(run, state, node);
    return [{ state, value: unknown }];
  }
  const others = state.properties.get(rest);
  // How many are left is not counted.
  if (others !== undefined)
    for (const { id } of referencesOf(state, others)) state.update(id, { status: 'shared' });
  const none = state.clone();
  const value = elementOf(state, run.place, { key: positionOf(node), standing: 'handed out', at: node });
  return [
    { state, value },
    { state: none, value: nothing },
  ];
}

/** An element leaves that nobody looked at. */
function loseOne(run: Run, state: State, at: Node): void {
  if (run.place === undefined || !hasRest(state)) return;
  const value = elementOf(state, run.place, unseenAt(at));
  release(state, value, at);
  leakIfLost(run, state, value, at, 'clear');
}

/** The element that one turn of a loop over the place is about, under its key where the loop names one. */
export function beginTurn(run: Run, state: State, loop: Node, target: Node | undefined): Value {
  const { place } = run;
  if (place === undefined || !hasRest(state)) {
    giveUp(run, state);
    return unknown;
  }
  const value = elementOf(state, place, { key: turnOf(loop), standing: 'looked up', holder: slotId });
  state.properties.set(turnKey(loop), value);
  if (target?.type !== T.ArrayPattern) return asLent(value);
  const [key, element] = target.elements;
  const name = key ? keyOf(run, state, key) : undefined;
  if (name !== undefined) {
    state.properties.delete(turnKey(loop));
    state.properties.set(name, value);
  }
  if (element) bind(run, state, element, asLent(value), element, loop);
  return unknown;
}

/** What is gone through stays where it is. */
function asLent(value: Value): Value {
  return value.kind === 'container' ? { ...value, inside: true } : value;
}

/** What a turn did to its element all turns do to theirs, unless the loop was left early. */
export function endTurn(run: Run, state: State, loop: Node, isLast: boolean): void {
  if (run.place === undefined || state.escaped.has(slotId)) return;
  const prefix = `${slotId}${turnOf(loop)}`;
  const own = [...state.references.values()].filter(({ id }) => id.startsWith(prefix));
  const isHeld = own.every(
    ({ id, status, holder }) =>
      status === 'held' && holder?.startsWith(slotId) === true && !isShared(state, id),
  );
  let isStanding = false;
  for (const [key, value] of [...state.properties]) {
    if (!key.startsWith(`${slotId}.`) || idOf(value)?.startsWith(prefix) !== true) continue;
    isStanding = true;
    state.properties.delete(key);
  }
  for (const { id } of own) state.references.delete(id);
  const others = state.properties.get(rest);
  if (isHeld || isLast || others === undefined) return;
  // Put where it stands; or taken out, and how many of them there were is not known.
  const isPut = isStanding && own.every(({ status }) => status === 'put');
  const [{ at } = { at: loop }] = own;
  for (const { id } of referencesOf(state, others))
    state.update(id, { status: isPut ? 'put' : 'shared', at });
}

/** Whether a reference of the place stands in a container of the function, too. */
function isShared(state: State, id: string): boolean {
  return state.naming.placesOfReference(id).some((key) => !key.startsWith(slotId));
}

function turnKey(loop: Node): string {
  return `${slotId}.${turnOf(loop)}`;
}

/** The key of the element that one turn of a loop is about. */
function turnOf(loop: Node): string {
  return `turn${positionOf(loop)}:`;
}

function positionOf(node: Node | undefined): string {
  return String(node?.range[0] ?? 0);
}

/** An element that goes without a look. */
function unseenAt(node: Node): Element {
  return { key: positionOf(node), standing: 'unseen', holder: slotId };
}

function idOf(value: Value): string | undefined {
  return value.kind === 'fence' ? value.reference : value.kind === 'container' ? value.id : undefined;
}

/** Names end their life, or get another value: what was looked up by them is one of the others again. */
export function forgetKeys(run: Run, state: State, variables: readonly Variable[]): void {
  if (run.keys.size === 0) return;
  for (const [key, names] of run.keys)
    if (names.some((name) => variables.includes(name))) forgetKey(state, key);
}

function forgetKey(state: State, key: string): void {
  const value = state.properties.get(key);
  if (value === undefined) return;
  state.properties.delete(key);
  const references = referencesOf(state, value);
  const isUntouched = references.every(({ status }) => status === 'held') && !isNamed(state, value);
  if (isUntouched) for (const { id } of references) state.references.delete(id);
  // It is still in there, under a key that the function has no name for.
  else if (value.kind !== 'nothing') state.properties.set(`${slotId}.${idOf(value) ?? ''}`, value);
}

/** Other code runs: whoever it is finds the place as its own functions leave it, and so does this one afterwards. */
export function suspendSlot(run: Run, state: State, node: Node): void {
  const { place } = run;
  if (place === undefined || state.escaped.has(slotId)) return;
  const isGone =
    place.content === 'single' ? isSeen(state) && isChangedElsewhere(run, place, node) : !hasRest(state);
  if (isGone) {
    giveUp(run, state);
    return;
  }
  for (const [key, value] of [...state.properties]) {
    if (key.startsWith(`${slotId}.[`) && !isNamed(state, value)) forgetKey(state, key);
  }
}

/** Whether the function has looked at what stands there, or changed it: one that has not finds it full after a wait, too. */
function isSeen(state: State): boolean {
  const value = state.properties.get(slot);
  const references = value === undefined ? [] : referencesOf(state, value);
  return references.length === 0 || references.some(({ standing }) => standing !== 'kept');
}

function isNamed(state: State, value: Value): boolean {
  const id = idOf(value);
  if (id === undefined) return false;
  return value.kind === 'container' ? state.naming.hasContainer(id) : state.naming.isCarried(id);
}

/** Whether another function than the one that waits writes the place. */
function isChangedElsewhere(run: Run, place: Place, node: Node): boolean {
  const here = [run.root, ...run.inlined].filter((fn) => isWithin(node, fn));
  return [...place.mentions].some(
    (mention) => !here.some((fn) => isWithin(mention, fn)) && isWritten(mention),
  );
}

/** A function goes where it is not followed, and knows the place. */
export function carryOff(run: Run, state: State, fn: Node): void {
  if (run.place !== undefined && knowsPlace(run, run.place, fn)) giveUp(run, state);
}

function knowsPlace(run: Run, place: Place, fn: Node): boolean {
  for (const node of descendants(fn, run.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (place.mentions.has(node)) return true;
    const called = node.type === T.CallExpression ? calledBy(run, node.callee) : undefined;
    if (called !== undefined && place.touching.has(called)) return true;
  }
  return false;
}
