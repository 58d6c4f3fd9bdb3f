import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import type { Analysis } from '../analysis.js';
import { classes, type ClassNode } from '../text/classes.js';
import { descendants, isMissing, memberName, type FunctionNode, type Node } from '../text/syntax.js';
import { ownCollection } from './class-collections.js';
import type { FieldFinding } from './class-fields.js';
import { isAlone, isAsked, isEnding, isPut, isTaken, memberAround } from './emptied-fields.js';

/**
 * Private maps that own, out of which a method takes a reference that it only asked, if it looked at it at all. The rule
 * speaks only where the class shows its protocol: nothing but references of its own go in, none gets out but by `put()`,
 * and who puts one also takes it out.
 */
export function* emptiedMaps(analysis: Analysis, further: readonly string[]): Generator<FieldFinding> {
  for (const owner of classes(analysis)) {
    for (const member of owner.body.body) {
      const field = ownCollection(member);
      if (field === undefined) continue;
      const uses = usesOf(analysis, owner, field);
      if (uses === undefined || !isProtocol(uses, further)) continue;
      for (const { call, how } of uses) {
        const method = call && memberAround(call);
        if (how !== 'delete' || call === undefined || method === undefined) continue;
        const isHandled = uses.some((use) => use.how === 'puts' && memberAround(use.node) === method);
        if (!isHandled && isAlone(analysis, call, method, field))
          yield { node: call, field, method: '', dispose: undefined };
      }
    }
  }
}

interface Use {
  readonly node: Node;
  readonly how: 'fill' | 'delete' | 'clear' | 'asks' | 'puts';
  readonly call: TSESTree.CallExpression | undefined;
}

/** How a class uses a map of its own; undefined if one use is of another kind. */
function usesOf(analysis: Analysis, owner: ClassNode, field: string): Use[] | undefined {
  const uses: Use[] = [];
  for (const node of descendants(owner, analysis.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (node.type === T.Property && node.parent.type === T.ObjectPattern) {
      if (node.key.type === T.Identifier && node.key.name === field) return undefined;
    }
    if (node.type !== T.MemberExpression || memberName(node) !== field) continue;
    const use = useOf(analysis, node);
    if (use === undefined) return undefined;
    uses.push(use);
  }
  return uses;
}

function useOf(analysis: Analysis, node: TSESTree.MemberExpression): Use | undefined {
  const method = node.parent;
  if (method.type === T.ForOfStatement && method.right === node) return loopOver(analysis, node, method);
  if (method.type !== T.MemberExpression || method.object !== node) return undefined;
  const name = memberName(method);
  if (name === 'size') return { node, how: 'asks', call: undefined };
  const call = method.parent;
  if (call.type !== T.CallExpression || call.callee !== method) return undefined;
  switch (name) {
    case 'set': {
      const [, value] = call.arguments;
      const isOwn = value !== undefined && (isMissing(value) || isTaken(analysis, value));
      return isOwn ? { node, how: 'fill', call } : undefined;
    }
    case 'get':
      if (isPut(analysis, call)) return { node, how: 'puts', call };
      return isAsked(analysis, call) ? { node, how: 'asks', call } : undefined;
    case 'has':
    case 'keys':
      return { node, how: 'asks', call };
    case 'values':
      return call.parent.type === T.ForOfStatement ? loopOver(analysis, node, call.parent) : undefined;
    case 'delete':
    case 'clear':
      return { node, how: name, call };
    default:
      return undefined;
  }
}

/** A loop over what a map holds, by what it does with each. */
function loopOver(analysis: Analysis, node: Node, { left }: TSESTree.ForOfStatement): Use | undefined {
  const declarator = left.type === T.VariableDeclaration ? left.declarations[0] : undefined;
  const pattern = declarator?.id;
  const name = pattern?.type === T.ArrayPattern ? pattern.elements[1] : pattern;
  if (name?.type !== T.Identifier) return undefined;
  const all: Node[] = analysis.names.variable(name)?.references.map(({ identifier }) => identifier) ?? [];
  const used = all.filter((one) => one !== name);
  if (used.some((one) => isPut(analysis, one))) return { node, how: 'puts', call: undefined };
  return used.every((one) => isAsked(analysis, one)) ? { node, how: 'asks', call: undefined } : undefined;
}

/** Whether references go in, and who puts one also takes it out, or ends the object. */
function isProtocol(uses: readonly Use[], further: readonly string[]): boolean {
  const isFilled = uses.some(({ how, call }) => {
    const value = how === 'fill' ? call?.arguments[1] : undefined;
    return value !== undefined && !isMissing(value);
  });
  const takers = new Set<FunctionNode | undefined>();
  for (const { how, node } of uses) if (how !== 'asks' && how !== 'puts') takers.add(memberAround(node));
  const puts = uses.filter(({ how }) => how === 'puts').map(({ node }) => memberAround(node));
  return isFilled && puts.length > 0 && puts.every((one) => takers.has(one) || isEnding(one, further));
}
