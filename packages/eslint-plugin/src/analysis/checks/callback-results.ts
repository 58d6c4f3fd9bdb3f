import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isFenceEntity } from '../../types/vocabulary.js';
import type { Analysis } from '../analysis.js';
import { fateOf } from '../text/answers.js';
import {
  descendants,
  isFunction,
  memberName,
  parentOf,
  pathOf,
  unwrapped,
  type Node,
} from '../text/syntax.js';

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
  const fate = fateOf(analysis.names, node);
  if (fate === 'dropped' || fate === 'void') {
    if (isHarmless(analysis, node)) return undefined;
    return fate === 'void' ? 'void' : 'ignored';
  }
  return isInverted(analysis, node, node) ? 'inverted' : undefined;
}

/** Whether the callback is called by hand where the answer says that it was added. */
function isInverted(analysis: Analysis, answer: Node, node: TSESTree.CallExpression): boolean {
  let inner = answer;
  // What `inner` is where the callback was added.
  let added = true;
  for (let parent = parentOf(inner); parent !== undefined; parent = parentOf(inner)) {
    switch (parent.type) {
      case T.UnaryExpression:
        if (parent.operator !== '!') return false;
        added = !added;
        break;
      case T.BinaryExpression: {
        const other = unwrapped(parent.left) === inner ? parent.right : parent.left;
        if (!/^[!=]==?$/.test(parent.operator) || other.type !== T.Literal) return false;
        if ((other.value === true) !== parent.operator.startsWith('=')) added = !added;
        break;
      }
      case T.LogicalExpression: {
        // Where the right side runs (on the left), or where the whole tells of this side, it was added.
        if (parent.operator === '??' || (parent.operator === '&&') !== added) return false;
        if (unwrapped(parent.left) === inner && calls(analysis, node, parent.right)) return true;
        break;
      }
      case T.ConditionalExpression:
        return (
          unwrapped(parent.test) === inner &&
          calls(analysis, node, added ? parent.consequent : parent.alternate)
        );
      case T.IfStatement: {
        const branch = added ? parent.consequent : (parent.alternate ?? afterLeaving(parent));
        return branch !== undefined && calls(analysis, node, branch);
      }
      case T.VariableDeclarator:
        return (
          parent.id.type === T.Identifier &&
          analysis.names
            .variable(parent.id)
            ?.references.some((one) => !one.isWrite() && isInverted(analysis, one.identifier, node)) === true
        );
      default:
        return false;
    }
    inner = parent;
  }
  return false;
}

/** `if (…) return;`: the statement that only runs otherwise. */
function afterLeaving({ consequent, parent }: TSESTree.IfStatement): Node | undefined {
  const last = consequent.type === T.BlockStatement ? consequent.body.at(-1) : consequent;
  const leaves =
    last?.type === T.ReturnStatement || last?.type === T.ThrowStatement || last?.type === T.ContinueStatement;
  if (!leaves || parent.type !== T.BlockStatement) return undefined;
  return parent.body[
    parent.body.findIndex((one) => 'consequent' in one && one.consequent === consequent) + 1
  ];
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

/** Whether a branch calls what the callback calls: the function itself, or, of one written inline, all that is in it. */
function calls({ names }: Analysis, node: TSESTree.CallExpression, branch: Node): boolean {
  const [callback] = node.arguments;
  const path = callback && pathOf(callback);
  const text = callback && onlyCall(callback);
  if (path === undefined && text === undefined) return false;
  for (const one of [branch, ...descendants(branch, names.sourceCode.visitorKeys)]) {
    if (one.type !== T.CallExpression) continue;
    if (path !== undefined && pathOf(one.callee) === path) return true;
    if (text !== undefined && names.sourceCode.getText(one) === names.sourceCode.getText(text)) return true;
  }
  return false;
}

/** `() => wake(job)`: the call that is all the function does. */
function onlyCall(callback: Node): Node | undefined {
  if (!isFunction(callback)) return undefined;
  const { body } = callback;
  if (body.type !== T.BlockStatement) return body.type === T.CallExpression ? body : undefined;
  const [only] = body.body;
  return body.body.length === 1 &&
    only?.type === T.ExpressionStatement &&
    only.expression.type === T.CallExpression
    ? only.expression
    : undefined;
}
