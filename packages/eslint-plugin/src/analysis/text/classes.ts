import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Analysis } from '../analysis.js';
import {
  descendants,
  isFunction,
  keyName,
  memberName,
  unwrapped,
  type FunctionNode,
  type Node,
} from './syntax.js';

export type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

/** The classes of a file. */
export function* classes({ names }: Pick<Analysis, 'names'>): Generator<ClassNode> {
  for (const node of descendants(names.sourceCode.ast, names.sourceCode.visitorKeys, {
    intoFunctions: true,
  })) {
    if (node.type === T.ClassDeclaration || node.type === T.ClassExpression) yield node;
  }
}

const endings: ReadonlySet<string> = new Set([
  '[Symbol.dispose]',
  'dispose',
  'destroy',
  'close',
  'release',
  'free',
  'teardown',
  'shutdown',
]);

/** The methods that end an object's life, by their names. */
export function disposeMethods(
  owner: ClassNode,
  further: readonly string[],
): { fn: FunctionNode; name: string }[] {
  const found: { fn: FunctionNode; name: string }[] = [];
  for (const member of owner.body.body) {
    if (member.type !== T.MethodDefinition && member.type !== T.PropertyDefinition) continue;
    const name = keyName(member);
    if (name === undefined || member.static || !isFunction(member.value)) continue;
    if (endings.has(name) || further.includes(name)) found.push({ fn: member.value, name });
  }
  return found;
}

/** Everything below a method, and below the methods of the same object that it calls. */
export function reachableNodes({ names, summaries }: Analysis, fn: FunctionNode): Node[] {
  const seen = new Set<FunctionNode>();
  const waiting = [fn];
  const nodes: Node[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const node of descendants(next, names.sourceCode.visitorKeys, { intoFunctions: true })) {
      nodes.push(node);
      if (node.type !== T.MemberExpression || node.object.type !== T.ThisExpression) continue;
      const method = summaries.methodOf(node, memberName(node) ?? '');
      if (method !== undefined) waiting.push(method);
    }
  }
  return nodes;
}

/** `this.name`, and the name. */
export function ownField(node: Node): string | undefined {
  const inner = unwrapped(node);
  if (inner.type !== T.MemberExpression || inner.object.type !== T.ThisExpression) return undefined;
  return memberName(inner);
}

/** Whether nobody outside of the class can name a member. */
export function isPrivate({
  key,
  accessibility,
}: TSESTree.PropertyDefinition | TSESTree.MethodDefinition): boolean {
  return key.type === T.PrivateIdentifier || accessibility === 'private';
}
