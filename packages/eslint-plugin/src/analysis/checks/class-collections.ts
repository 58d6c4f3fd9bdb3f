import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import type { Analysis } from '../analysis.js';
import { classes, disposeMethods, isPrivate, type ClassNode } from '../text/classes.js';
import { descendants, keyName, memberName, unwrapped, type Node } from '../text/syntax.js';
import { isAcquisition, onlyUses, type FieldFinding } from './class-fields.js';

/**
 * Collections that a class keeps for itself, puts references into, and never takes one out of: not where it is disposed
 * of, and nowhere else. A single other use, and nothing is said.
 */
export function* collectionFindings(analysis: Analysis, further: readonly string[]): Generator<FieldFinding> {
  for (const owner of classes(analysis)) yield* keptForEver(analysis, owner, further);
}

function* keptForEver(
  analysis: Analysis,
  owner: ClassNode,
  further: readonly string[],
): Generator<FieldFinding> {
  const [ending] = disposeMethods(owner, further);
  if (ending === undefined) return;
  for (const member of owner.body.body) {
    const field = ownCollection(member);
    if (field === undefined) continue;
    const mentions = [
      ...descendants(owner, analysis.names.sourceCode.visitorKeys, { intoFunctions: true }),
    ].filter((node) => isMention(node, field));
    const store = mentions.map((node) => storeInto(analysis, node)).find((call) => call !== undefined);
    if (store === undefined || !mentions.every((node) => isKept(analysis, node))) continue;
    yield { node: store, field, method: ending.name, dispose: ending.fn };
  }
}

/** The name of a private field that begins as an empty collection of the language's own. */
export function ownCollection(member: TSESTree.ClassElement): string | undefined {
  if (member.type !== T.PropertyDefinition || member.static || member.value === null) return undefined;
  if (!isPrivate(member)) return undefined;
  const value = unwrapped(member.value);
  const isEmpty =
    (value.type === T.ArrayExpression && value.elements.length === 0) ||
    (value.type === T.NewExpression &&
      value.arguments.length === 0 &&
      value.callee.type === T.Identifier &&
      collections.has(value.callee.name));
  return isEmpty ? keyName(member) : undefined;
}

const collections: ReadonlySet<string> = new Set(['Array', 'Map', 'Set']);
const fillings: ReadonlySet<string> = new Set(['push', 'unshift', 'add', 'set']);
/** What can be done to a collection without giving an element back. */
const keepings: ReadonlySet<string> = new Set([...fillings, 'length', 'size', 'clear', 'has', 'includes']);

/** `this.list`, `other.list`, `const { list } = this`: whoever's it is, it may be this one's. */
function isMention(node: Node, field: string): boolean {
  if (node.type === T.MemberExpression) return memberName(node) === field;
  return node.type === T.Property && node.parent.type === T.ObjectPattern && keyName(node) === field;
}

/** `this.list.push(fence.get())`: the call that puts a new reference in. */
function storeInto(analysis: Analysis, mention: Node): TSESTree.CallExpression | undefined {
  const method = mention.parent;
  const call = method?.parent;
  if (method?.type !== T.MemberExpression || method.object !== mention) return undefined;
  if (call?.type !== T.CallExpression || call.callee !== method) return undefined;
  if (!fillings.has(memberName(method) ?? '')) return undefined;
  return call.arguments.some((argument) => isAcquisition(analysis, argument)) ? call : undefined;
}

/** Whether a mention of a collection leaves in it what it holds. */
function isKept(analysis: Analysis, mention: Node): boolean {
  const { parent } = mention;
  switch (parent?.type) {
    case T.MemberExpression:
      return parent.object === mention && keepings.has(memberName(parent) ?? '');
    case T.ForOfStatement:
      return parent.right === mention && onlyLooks(analysis, parent);
    case T.CallExpression:
      return analysis.resolver.contract(parent)?.ours === true;
    default:
      return false;
  }
}

/** A loop that asks its elements and waits for them. */
function onlyLooks(analysis: Analysis, loop: TSESTree.ForOfStatement): boolean {
  const [declarator] = loop.left.type === T.VariableDeclaration ? loop.left.declarations : [];
  if (declarator?.id.type !== T.Identifier || declarator.init !== null) return false;
  const element = analysis.names.variable(declarator.id);
  return (
    element?.references.every(({ identifier, init }) => {
      if (init === true || identifier === declarator.id) return true;
      const { parent } = identifier;
      return (
        parent.type === T.MemberExpression &&
        parent.object === identifier &&
        onlyUses.has(memberName(parent) ?? '')
      );
    }) === true
  );
}
