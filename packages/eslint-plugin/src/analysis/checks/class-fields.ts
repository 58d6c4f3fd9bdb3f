import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isFenceEntity } from '../../types/vocabulary.js';
import type { Analysis } from '../analysis.js';
import { classes, disposeMethods, ownField, reachableNodes, type ClassNode } from '../text/classes.js';
import {
  descendants,
  enclosingClass,
  enclosingFunction,
  isMissing,
  keyName,
  memberName,
  unwrapped,
  type Node,
  isPutName,
} from '../text/syntax.js';

/** A field whose fence is not given back: by its object's end (`dispose`), or before another one is written over it. */
export interface FieldFinding {
  readonly node: Node;
  readonly field: string;
  readonly method: string;
  readonly dispose: Node | undefined;
}

/** What is wrong with the fields of a file's classes. */
export function* fieldFindings(analysis: Analysis, further: readonly string[]): Generator<FieldFinding> {
  for (const owner of classes(analysis)) {
    const stores = ownedStores(analysis, owner);
    if (stores.length === 0) continue;
    yield* unreleased(analysis, owner, stores, further);
    yield* forgottenBase(analysis, owner, stores, further);
    yield* overwritten(analysis, owner, further);
  }
}

interface Store {
  readonly field: string;
  readonly node: Node;
}

/** Where a class stores a reference of its own in a field. */
function ownedStores(analysis: Analysis, owner: ClassNode): Store[] {
  const stores: Store[] = [];
  for (const node of descendants(owner, analysis.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (node.type === T.AssignmentExpression && node.operator !== '&&=' && enclosingClass(node) === owner) {
      const field = ownField(node.left);
      if (field !== undefined && (isAcquisition(analysis, node.right) || analysis.ownedStores.has(node)))
        stores.push({ field, node });
    } else if (
      node.type === T.PropertyDefinition &&
      node.parent.parent === owner &&
      node.value !== null &&
      !node.static
    ) {
      const field = keyName(node);
      if (field !== undefined && isAcquisition(analysis, node.value)) stores.push({ field, node });
    }
  }
  return stores;
}

/** Whether an expression takes a reference: a call of `get`, or of something that makes fences. */
export function isAcquisition({ resolver }: Pick<Analysis, 'resolver'>, value: Node): boolean {
  const node = unwrapped(value);
  if (node.type !== T.CallExpression) return false;
  const type = resolver.typeOf(node);
  if (
    type === undefined ||
    type.many ||
    type.promise ||
    !isFenceEntity(type.entity) ||
    type.brand === 'borrowed'
  )
    return false;
  const contract = resolver.contract(node);
  return contract?.ours === true && contract.tags?.borrowed !== true;
}

function* unreleased(
  analysis: Analysis,
  owner: ClassNode,
  stores: readonly Store[],
  further: readonly string[],
): Generator<FieldFinding> {
  const endings = disposeMethods(owner, further);
  const [ending] = endings;
  if (ending === undefined) return;
  const reached = endings.flatMap(({ fn }) => reachableNodes(analysis, fn));
  const runsOthers = owner.superClass !== null && reached.some((node) => isInheritedCall(analysis, node));
  // What a method of a class above runs may be a function that was given to it: `this.emit('close')`.
  const released = runsOthers
    ? [...descendants(owner, analysis.names.sourceCode.visitorKeys, { intoFunctions: true })]
    : reached;
  const mentioned = new Set(released.flatMap((node) => releasedAt(node)));
  const reported = new Set<string>();
  for (const { field, node } of stores) {
    if (mentioned.has(field) || reported.has(field) || isLent(analysis, owner, field)) continue;
    reported.add(field);
    yield { node, field, method: ending.name, dispose: ending.fn };
  }
}

/** A class below ends the object's life in a method of its own, and never calls the one that puts the fields. */
function* forgottenBase(
  analysis: Analysis,
  owner: ClassNode,
  stores: readonly Store[],
  further: readonly string[],
): Generator<FieldFinding> {
  const names = new Set(disposeMethods(owner, further).map(({ name }) => name));
  const [store] = stores;
  if (store === undefined || owner.id === null) return;
  for (const below of classes(analysis)) {
    if (below.superClass?.type !== T.Identifier || below.superClass.name !== owner.id.name) continue;
    for (const { fn, name } of disposeMethods(below, further)) {
      if (!names.has(name) || reachableNodes(analysis, fn).some(({ type }) => type === T.Super)) continue;
      yield { node: fn, field: store.field, method: `super.${name}`, dispose: fn };
    }
  }
}

/** `this.emit(…)` of a class that has no such method of its own. */
function isInheritedCall(analysis: Analysis, node: Node): boolean {
  if (node.type !== T.CallExpression) return false;
  const name = ownField(node.callee);
  return name !== undefined && analysis.summaries.methodOf(node, name) === undefined;
}

/** The field that a node gives back, or does something with that may: only asking and signaling is surely not enough. */
function releasedAt(node: Node): string[] {
  const field = ownField(node);
  if (field === undefined) return [];
  const parent = node.parent;
  if (parent?.type === T.MemberExpression && parent.object === node) {
    const name = memberName(parent);
    const isOnlyUse = name !== undefined && onlyUses.has(name);
    return isOnlyUse ? [] : [field];
  }
  const isTest =
    parent?.type === T.IfStatement ||
    parent?.type === T.UnaryExpression ||
    parent?.type === T.BinaryExpression;
  const isCleared = parent?.type === T.AssignmentExpression && parent.left === node;
  return isTest || isCleared ? [] : [field];
}

/** What a fence can be asked without a reference being given back. */
export const onlyUses: ReadonlySet<string> = new Set([
  'signal',
  'fail',
  'signaled',
  'status',
  'error',
  'seqno',
  'name',
  'removeCallback',
  'setDeadline',
  'poll',
  'data',
  'wait',
  'refCount',
  'context',
  'timestamp',
]);

function isLent(analysis: Analysis, owner: ClassNode, field: string): boolean {
  for (const member of owner.body.body) {
    if (member.type === T.PropertyDefinition && keyName(member) === field)
      return analysis.resolver.typeOf(member.key)?.brand === 'borrowed';
  }
  return false;
}

/** Stores over a field that may hold a fence, in classes in which nothing ever empties that field. */
function* overwritten(
  analysis: Analysis,
  owner: ClassNode,
  further: readonly string[],
): Generator<FieldFinding> {
  for (const [node, { field, isEmptied, isKept }] of analysis.fieldStores) {
    if (isEmptied || isKept || enclosingClass(node) !== owner) continue;
    const fn = enclosingFunction(node);
    const member = fn?.parent;
    if (fn === undefined || (member?.type === T.MethodDefinition && member.kind === 'constructor')) continue;
    if (isEmptiedSomewhere(analysis, owner, field) || isPutByHelper(analysis, fn, field)) continue;
    if (isEndedElsewhere(analysis, owner, { fn, field, further })) continue;
    yield { node, field, method: '', dispose: undefined };
  }
}

/** `begin()` stores, `end()` puts: a protocol that the class's users follow. What only its end puts is another matter. */
function isEndedElsewhere(
  analysis: Analysis,
  owner: ClassNode,
  { fn, field, further }: { fn: Node; field: string; further: readonly string[] },
): boolean {
  const endings = new Set<Node>(disposeMethods(owner, further).map((one) => one.fn));
  for (const member of owner.body.body) {
    if (member.type !== T.MethodDefinition || member.kind !== 'method') continue;
    if (member.value === fn || endings.has(member.value)) continue;
    for (const node of descendants(member, analysis.names.sourceCode.visitorKeys, { intoFunctions: true })) {
      if (node.type !== T.CallExpression || node.callee.type !== T.MemberExpression) continue;
      const object = unwrapped(node.callee.object);
      if (isPutName(memberName(node.callee)) && ownField(object) === field) return true;
    }
  }
  return false;
}

/** A class that sets a field to undefined has a protocol for it; when it holds what is not known here. */
function isEmptiedSomewhere(analysis: Analysis, owner: ClassNode, field: string): boolean {
  for (const node of descendants(owner, analysis.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (node.type !== T.AssignmentExpression || ownField(node.left) !== field) continue;
    if (isMissing(node.right)) return true;
  }
  return false;
}

/** The function calls another method of the object that puts the field. */
function isPutByHelper(analysis: Analysis, fn: Node, field: string): boolean {
  for (const node of descendants(fn, analysis.names.sourceCode.visitorKeys)) {
    if (node.type !== T.CallExpression || node.callee.type !== T.MemberExpression) continue;
    const name = ownField(node.callee);
    const method = name === undefined ? undefined : analysis.summaries.methodOf(node, name);
    if (
      method !== undefined &&
      reachableNodes(analysis, method).some((one) => releasedAt(one).includes(field))
    )
      return true;
  }
  return false;
}
