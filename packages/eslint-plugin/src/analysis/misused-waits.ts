import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isWaitMethod, waitFunctions } from '../types/vocabulary.js';
import type { Analysis } from './analysis.js';
import { descendants, enclosingFunction, memberName, parentOf, unwrapped, type Node } from './syntax.js';

/** A wait whose promise nobody waits for. */
export interface MisusedWait {
  readonly node: TSESTree.CallExpression;
  readonly verdict: 'condition' | 'floating' | 'void';
  /** Whether `await` may stand there. */
  readonly isAsync: boolean;
}

/** The waits of a file that are tested or dropped. */
export function* misusedWaits(analysis: Analysis): Generator<MisusedWait> {
  const { ast, visitorKeys } = analysis.names.sourceCode;
  for (const node of descendants(ast, visitorKeys, { intoFunctions: true })) {
    if (node.type !== T.CallExpression || !isWait(analysis, node)) continue;
    const verdict = judge(analysis, node);
    if (verdict !== undefined) yield { node, verdict, isAsync: enclosingFunction(node)?.async ?? true };
  }
}

function isWait({ names, resolver }: Analysis, node: TSESTree.CallExpression): boolean {
  const callee = unwrapped(node.callee);
  if (callee.type === T.MemberExpression) {
    const name = memberName(callee);
    if (callee.object.type === T.Identifier && names.importOf(callee.object)?.name === '*')
      return waitFunctions.has(resolver.exportedName(callee.property) ?? resolver.exportedName(callee) ?? '');
    if (name !== 'wait' && name !== 'signalAfter') return false;
    const type = resolver.typeOf(callee.object);
    return type !== undefined && !type.many && !type.promise && isWaitMethod(type.entity, name);
  }
  if (callee.type !== T.Identifier || names.functionNamed(callee) !== undefined) return false;
  return waitFunctions.has(resolver.exportedName(callee) ?? '');
}

function judge(analysis: Analysis, node: TSESTree.CallExpression): MisusedWait['verdict'] | undefined {
  let inner: Node = node;
  for (let parent = parentOf(inner); parent !== undefined; parent = parentOf(inner)) {
    switch (parent.type) {
      case T.ExpressionStatement:
        return 'floating';
      case T.UnaryExpression:
        return parent.operator === 'void' ? 'void' : parent.operator === '!' ? 'condition' : undefined;
      case T.IfStatement:
      case T.WhileStatement:
      case T.DoWhileStatement:
      case T.ForStatement:
      case T.ConditionalExpression:
        if (parent.test !== null && unwrapped(parent.test) === unwrapped(inner)) return 'condition';
        if (parent.type !== T.ConditionalExpression)
          return parent.type === T.ForStatement ? 'floating' : undefined;
        break;
      case T.LogicalExpression:
        if (parent.operator !== '??' && unwrapped(parent.left) === unwrapped(inner)) return 'condition';
        break;
      case T.SequenceExpression:
        if (parent.expressions.at(-1) !== inner) return 'floating';
        break;
      case T.ArrowFunctionExpression:
        return parent.body === inner && isForEach(parent) ? 'floating' : undefined;
      case T.VariableDeclarator:
        return parent.id.type === T.Identifier &&
          analysis.names.variable(parent.id)?.references.every((one) => !one.isRead()) === true
          ? 'floating'
          : undefined;
      default:
        return undefined;
    }
    inner = parent;
  }
  return undefined;
}

/** `fences.forEach((fence) => fence.wait())`: what the function returns is dropped. */
function isForEach(fn: TSESTree.ArrowFunctionExpression): boolean {
  const call = fn.parent;
  return (
    call.type === T.CallExpression &&
    call.arguments[0] === fn &&
    call.callee.type === T.MemberExpression &&
    memberName(call.callee) === 'forEach'
  );
}
