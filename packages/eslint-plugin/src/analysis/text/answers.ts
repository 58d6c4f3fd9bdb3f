import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import type { Names } from './names.js';
import { memberName, parentOf, unwrapped, type Node } from './syntax.js';

/** What becomes of the value of an expression, where that is plain from the text: nobody gets it, or it is only tested. */
export type Fate = 'dropped' | 'void' | 'tested';

/** The fate of a call's answer; undefined: somebody gets it. */
export function fateOf(names: Names, node: Node): Fate | undefined {
  let inner = node;
  for (let parent = parentOf(inner); parent !== undefined; parent = parentOf(inner)) {
    switch (parent.type) {
      case T.ExpressionStatement:
        return 'dropped';
      case T.UnaryExpression:
        return parent.operator === 'void' ? 'void' : parent.operator === '!' ? 'tested' : undefined;
      case T.IfStatement:
      case T.WhileStatement:
      case T.DoWhileStatement:
        return 'tested';
      case T.ForStatement:
        return parent.test !== null && unwrapped(parent.test) === inner ? 'tested' : 'dropped';
      case T.ConditionalExpression:
        if (unwrapped(parent.test) === inner) return 'tested';
        break;
      case T.LogicalExpression:
        if (parent.operator !== '??' && unwrapped(parent.left) === inner) return 'tested';
        break;
      case T.SequenceExpression:
        if (unwrapped(parent.expressions.at(-1) ?? parent) !== inner) return 'dropped';
        break;
      case T.ArrowFunctionExpression:
        return unwrapped(parent.body) === inner && isForEach(parent) ? 'dropped' : undefined;
      case T.VariableDeclarator:
        return isNeverRead(names, parent) ? 'dropped' : undefined;
      default:
        return undefined;
    }
    inner = parent;
  }
  return undefined;
}

function isNeverRead(names: Names, { id }: TSESTree.VariableDeclarator): boolean {
  return id.type === T.Identifier && names.variable(id)?.references.every((one) => !one.isRead()) === true;
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
