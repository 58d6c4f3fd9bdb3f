import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import type { Analysis } from '../analysis.js';
import {
  ancestors,
  descendants,
  enclosingClass,
  isFunction,
  isMissing,
  keyName,
  memberName,
  pathOf,
  rootOf,
  unwrapped,
  type FunctionNode,
  type Node,
  isPutName,
} from '../text/syntax.js';
import { disposeMethods, isPrivate, ownField, reachableNodes } from '../text/classes.js';
import { isAcquisition, onlyUses, type FieldFinding } from './class-fields.js';

/**
 * Fields that own, emptied or written over on a path that only asked what was in them. The rule speaks only where the
 * class shows its protocol: it stores nothing but references of its own there, and who puts one also writes the field.
 */
export function* emptiedFields(analysis: Analysis, further: readonly string[]): Generator<FieldFinding> {
  for (const [name, field] of owningFields(analysis)) {
    const { stores, mentions, isPrivate } = field;
    if (!mentions.some((node) => isPut(analysis, node))) continue;
    const writers = new Set(stores.map(({ node }) => memberAround(node)));
    const isProtocol = mentions.every((node) => {
      const member = memberAround(node);
      return !isPut(analysis, node) || writers.has(member) || isEnding(member, further);
    });
    if (!isProtocol) continue;
    for (const { node, value } of stores) {
      const member = memberAround(node);
      if (member === undefined || node.type !== T.AssignmentExpression) continue;
      if (isConstructor(member) || !analysis.fieldStores.has(node)) continue;
      const own = mentions.filter((one) => memberAround(one) === member);
      // Elsewhere in the method it is put, or somebody else's business.
      const puts = own.filter((one) => isPutDirectly(one));
      if (!own.every((one) => puts.includes(one) || isAsked(analysis, one))) continue;
      const isLost =
        value === null || isMissing(value)
          ? isPrivate && (puts.length > 0 || isAlone(analysis, node, member, name))
          : own.some((one) => one.range[0] < node.range[1] && !puts.includes(one));
      if (isLost && !isLeftToOthers(analysis, node, member, name))
        yield { node, field: name, method: '', dispose: undefined };
    }
  }
}

interface Store {
  readonly node: Node;
  readonly value: Node | null;
}

interface Field {
  isPrivate: boolean;
  readonly stores: Store[];
  readonly mentions: Node[];
}

/** The fields of a file's classes that only ever hold references of their own, or nothing, with all their uses. */
function owningFields(analysis: Analysis): Map<string, Field> {
  const fields = new Map<string, Field>();
  if (analysis.fieldStores.size === 0) return fields;
  const others = new Set<string>();
  const of = (name: string): Field => {
    let field = fields.get(name);
    if (field === undefined) fields.set(name, (field = { isPrivate: true, stores: [], mentions: [] }));
    return field;
  };
  for (const node of descendants(analysis.names.sourceCode.ast, analysis.names.sourceCode.visitorKeys, {
    intoFunctions: true,
  })) {
    if (node.type === T.PropertyDefinition) {
      const name = keyName(node);
      if (name === undefined) continue;
      of(name).stores.push({ node, value: node.value });
      if (node.static || !isPrivate(node)) of(name).isPrivate = false;
    } else if (node.type === T.TSParameterProperty) {
      const { parameter } = node;
      const target: Node = parameter.type === T.AssignmentPattern ? parameter.left : parameter;
      if (target.type === T.Identifier) others.add(target.name);
    } else if (node.type === T.Property || node.type === T.TSPropertySignature) {
      const name = keyName(node);
      if (name !== undefined) others.add(name);
    } else if (node.type === T.MemberExpression) {
      const name = memberName(node);
      if (name === undefined) continue;
      const parent = node.parent;
      if (parent.type === T.AssignmentExpression && parent.left === node && parent.operator === '=')
        of(name).stores.push({ node: parent, value: parent.right });
      else of(name).mentions.push(node);
    }
  }
  for (const [name, { stores }] of fields) {
    // Types are asked last.
    const isDeclared = stores.some(({ node }) => node.type === T.PropertyDefinition);
    const isCandidate = stores.some(({ node }) => analysis.fieldStores.has(node));
    if (others.has(name) || !isDeclared || !isCandidate || !ownsAll(analysis, stores)) fields.delete(name);
  }
  return fields;
}

function ownsAll(analysis: Analysis, stores: readonly Store[]): boolean {
  const values = stores.flatMap(({ value }) => (value === null || isMissing(value) ? [] : [value]));
  return values.length > 0 && values.every((value) => isTaken(analysis, value));
}

/** Whether a value is a reference of its own: taken here, or just before under a name. */
export function isTaken(analysis: Analysis, value: Node): boolean {
  const node = unwrapped(value);
  if (node.type !== T.Identifier) return isAcquisition(analysis, node);
  const declarator = analysis.names.variable(node)?.defs[0]?.node;
  return (
    declarator?.type === T.VariableDeclarator &&
    declarator.init !== null &&
    declarator.id.type === T.Identifier &&
    isAcquisition(analysis, declarator.init)
  );
}

function isPutDirectly({ parent }: Node): boolean {
  return parent?.type === T.MemberExpression && isPutName(memberName(parent));
}

/** Whether a use of a field puts what it holds, itself or under the name that it gives it. */
export function isPut(analysis: Analysis, mention: Node): boolean {
  if (isPutDirectly(mention)) return true;
  const { parent } = mention;
  if (parent?.type !== T.VariableDeclarator) return false;
  return namesOf(analysis, parent)?.some((name) => isPut(analysis, name)) === true;
}

/** Where the name that a declaration gives is used; undefined if it takes its value apart. */
function namesOf(analysis: Analysis, { id }: TSESTree.VariableDeclarator): Node[] | undefined {
  if (id.type !== T.Identifier) return undefined;
  return analysis.names
    .variable(id)
    ?.references.map(({ identifier }) => identifier)
    .filter((identifier) => identifier !== id);
}

/** What else leaves a reference where it is. */
const furtherUses: ReadonlySet<string> = new Set(['get', 'isLaterThan', 'addCallback']);

/** Whether a use of a field leaves the reference where it is. */
export function isAsked(analysis: Analysis, mention: Node): boolean {
  const { parent } = mention;
  switch (parent?.type) {
    case T.MemberExpression: {
      const name = parent.object === mention ? memberName(parent) : undefined;
      return name !== undefined && (onlyUses.has(name) || furtherUses.has(name));
    }
    case T.IfStatement:
    case T.UnaryExpression:
      return true;
    case T.BinaryExpression:
      // Compared with a name, it may be put under that.
      return isMissing(parent.left === mention ? parent.right : parent.left);
    case T.LogicalExpression:
      return isTest(parent);
    case T.CallExpression:
      return parent.callee !== mention && analysis.resolver.contract(parent)?.ours === true;
    case T.ArrayExpression:
      return isAsked(analysis, parent);
    case T.VariableDeclarator:
      return namesOf(analysis, parent)?.every((name) => isAsked(analysis, name)) === true;
    default:
      return false;
  }
}

/** `if (this.slot && …)`, `!(this.slot || …)`: the value itself goes nowhere. */
function isTest(node: Node): boolean {
  const { parent } = node;
  switch (parent?.type) {
    case T.IfStatement:
    case T.WhileStatement:
    case T.ConditionalExpression:
      return parent.test === node;
    case T.UnaryExpression:
      return parent.operator === '!';
    case T.LogicalExpression:
      return isTest(parent);
    default:
      return false;
  }
}

/** The method or function of the file's top level around a node: closures in it are part of it. */
export function memberAround(node: Node): FunctionNode | undefined {
  let member: FunctionNode | undefined;
  for (const outer of ancestors(node)) {
    if (isFunction(outer)) member = outer;
    else if (outer.type === T.ClassDeclaration || outer.type === T.ClassExpression) break;
  }
  return member;
}

function isConstructor({ parent }: Node): boolean {
  return parent?.type === T.MethodDefinition && parent.kind === 'constructor';
}

/** A method at whose end nobody asks the object any more. */
export function isEnding(member: FunctionNode | undefined, further: readonly string[]): boolean {
  const owner = member && enclosingClass(member);
  return owner !== undefined && disposeMethods(owner, [...further, 'fini']).some(({ fn }) => fn === member);
}

/** A private method does part of what its callers do, who may put what it takes out. */
function isHelper({ parent }: FunctionNode): boolean {
  return parent.type === T.MethodDefinition && isPrivate(parent);
}

/** Whether a method gives nothing back at all, and calls nobody before it empties the field who might. */
export function isAlone(analysis: Analysis, at: Node, member: FunctionNode, field: string): boolean {
  if (at.parent?.type !== T.ExpressionStatement || isHelper(member)) return false;
  const place = at.type === T.AssignmentExpression ? at.left : at.type === T.CallExpression ? at.callee : at;
  const target = rootOf(place);
  for (const node of descendants(member, analysis.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (node.type === T.VariableDeclaration && node.kind.includes('using')) return false;
    if (node.type === T.MemberExpression && isPutName(memberName(node))) return false;
    if (node.type !== T.CallExpression || node.range[1] > at.range[0]) continue;
    if (analysis.resolver.contract(node)?.builtin === true || isOwnOther(analysis, node, field)) continue;
    const given = [node.callee, ...node.arguments];
    if (given.some((one) => leadsTo(one, target))) return false;
  }
  return true;
}

/** A call of another method of the object that has nothing to do with the field. */
function isOwnOther(analysis: Analysis, call: TSESTree.CallExpression, field: string): boolean {
  const name = ownField(call.callee);
  const method = name === undefined ? undefined : analysis.summaries.methodOf(call, name);
  return (
    method !== undefined &&
    !reachableNodes(analysis, method).some(
      (node) => node.type === T.MemberExpression && memberName(node) === field,
    )
  );
}

/** Whether an expression begins with the object whose field it is. */
function leadsTo(node: Node, target: Node): boolean {
  const root = rootOf(unwrapped(node));
  return target.type === T.ThisExpression
    ? root.type === T.ThisExpression
    : root.type === T.Identifier && pathOf(root) === pathOf(target);
}

/** Whether a method of the object that this one calls, or somebody who is given the object, writes the field or puts it. */
function isLeftToOthers(analysis: Analysis, at: Node, member: FunctionNode, field: string): boolean {
  for (const node of descendants(member, analysis.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (node.type !== T.CallExpression || node.range[1] > at.range[0]) continue;
    if (node.arguments.some((one) => unwrapped(one).type === T.ThisExpression)) return true;
    if (ownField(node.callee) !== undefined && !isOwnOther(analysis, node, field)) return true;
  }
  return false;
}
