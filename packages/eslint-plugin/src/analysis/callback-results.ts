import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isFenceEntity } from '../types/vocabulary.js';
import type { Analysis } from './analysis.js';
import { descendants, memberName, parentOf, pathOf, unwrapped, type Node } from './syntax.js';

/** A call of `addCallback` whose answer is not used as it has to be. */
export interface CallbackResult {
  readonly node: TSESTree.CallExpression;
  readonly verdict: 'ignored' | 'void' | 'inverted';
}

/** What becomes of the answer of each `addCallback` in a file. */
export function* callbackResults(analysis: Analysis): Generator<CallbackResult> {
  const { ast, visitorKeys } = analysis.names.sourceCode;
  for (const node of descendants(ast, visitorKeys, { intoFunctions: true })) {
    if (node.type !== T.CallExpression) continue;
    const callee = unwrapped(node.callee);
    if (callee.type !== T.MemberExpression || memberName(callee) !== 'addCallback') continue;
    const type = analysis.resolver.typeOf(callee.object);
    if (type === undefined || type.many || type.promise || !isFenceEntity(type.entity)) continue;
    const verdict = judge(analysis, node);
    if (verdict !== undefined) yield { node, verdict };
  }
}

function judge(analysis: Analysis, node: TSESTree.CallExpression): CallbackResult['verdict'] | undefined {
  const parent = parentOf(node);
  switch (parent?.type) {
    case T.ExpressionStatement:
      return isHarmless(analysis, node) ? undefined : 'ignored';
    case T.UnaryExpression:
      return parent.operator === 'void' && !isHarmless(analysis, node) ? 'void' : undefined;
    case T.VariableDeclarator:
      return parent.id.type === T.Identifier &&
        analysis.names.variable(parent.id)?.references.every((one) => !one.isRead()) === true &&
        !isHarmless(analysis, node)
        ? 'ignored'
        : undefined;
    case T.IfStatement:
      return unwrapped(parent.test) === node && calls(analysis, node, parent.consequent)
        ? 'inverted'
        : undefined;
    case T.LogicalExpression:
      return parent.operator === '&&' &&
        unwrapped(parent.left) === node &&
        calls(analysis, node, parent.right)
        ? 'inverted'
        : undefined;
    case T.ConditionalExpression:
      return unwrapped(parent.test) === node && calls(analysis, node, parent.consequent)
        ? 'inverted'
        : undefined;
    default:
      return undefined;
  }
}

/** A fence that was made here and cannot have signaled, or a record that is asked whether it is pending. */
function isHarmless(analysis: Analysis, node: TSESTree.CallExpression): boolean {
  if (analysis.freshCallbacks.has(node)) return true;
  const [callback] = node.arguments;
  const path = callback && pathOf(callback);
  if (path === undefined) return false;
  for (const one of descendants(analysis.names.sourceCode.ast, analysis.names.sourceCode.visitorKeys, {
    intoFunctions: true,
  })) {
    if (one.type === T.MemberExpression && memberName(one) === 'pending' && pathOf(one.object) === path)
      return true;
  }
  return false;
}

/** Whether a branch calls the function that was given as the callback. */
function calls({ names }: Analysis, node: TSESTree.CallExpression, branch: Node): boolean {
  const [callback] = node.arguments;
  const path = callback && pathOf(callback);
  if (path === undefined) return false;
  for (const one of [branch, ...descendants(branch, names.sourceCode.visitorKeys)]) {
    if (one.type === T.CallExpression && pathOf(one.callee) === path) return true;
  }
  return false;
}
