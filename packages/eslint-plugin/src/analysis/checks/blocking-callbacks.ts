import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isFenceEntity } from '../../types/vocabulary.js';
import type { Analysis } from '../analysis.js';
import { calls, waitingOf } from './blocking.js';
import {
  descendants,
  enclosingClass,
  isFunction,
  keyName,
  memberName,
  unwrapped,
  type FunctionNode,
  type Node,
} from '../text/syntax.js';

/** Something in a fence callback or an exporter's op that waits. */
export interface BlockingCallback {
  readonly node: Node;
  readonly messageId: 'async' | 'waits' | 'callsWaiting';
  readonly what: string;
}

/** What waits in the callbacks and ops of a file. */
export function* blockingCallbacks(analysis: Analysis): Generator<BlockingCallback> {
  const seen = new Set<FunctionNode>();
  for (const { fn, place } of callbacks(analysis)) {
    if (fn.async) {
      yield { node: place, messageId: 'async', what: '' };
      continue;
    }
    if (seen.has(fn)) continue;
    seen.add(fn);
    yield* inside(analysis, fn);
  }
}

function* inside(analysis: Analysis, fn: FunctionNode): Generator<BlockingCallback> {
  const { sourceCode } = analysis.names;
  for (const node of calls(analysis, fn)) {
    const what = sourceCode.getText(node.callee);
    if (waitingOf(analysis, node) !== undefined) {
      yield { node, messageId: 'waits', what };
      continue;
    }
    const callee = unwrapped(node.callee);
    const target =
      callee.type === T.Identifier
        ? analysis.names.functionNamed(callee)
        : callee.type === T.MemberExpression && callee.object.type === T.ThisExpression
          ? analysis.summaries.methodOf(node, memberName(callee) ?? '')
          : undefined;
    if (target !== undefined && analysis.summaries.blocks(target))
      yield { node, messageId: 'callsWaiting', what };
  }
}

/** The functions of a file that core calls while it signals. */
function* callbacks(analysis: Analysis): Generator<{ fn: FunctionNode; place: Node }> {
  const { ast, visitorKeys } = analysis.names.sourceCode;
  for (const node of descendants(ast, visitorKeys, { intoFunctions: true })) {
    if (node.type === T.CallExpression) {
      const callee = unwrapped(node.callee);
      if (callee.type !== T.MemberExpression || memberName(callee) !== 'addCallback') continue;
      const type = analysis.resolver.typeOf(callee.object);
      if (type === undefined || type.many || type.promise || !isFenceEntity(type.entity)) continue;
      yield* functionOf(analysis, node.arguments[0]);
    } else if (node.type === T.NewExpression) {
      const name = analysis.resolver.exportedName(
        node.callee.type === T.MemberExpression ? node.callee.property : node.callee,
      );
      if (name === 'FenceCallback') yield* functionOf(analysis, node.arguments[0]);
      else if (name === 'DmaFenceContext' || name === 'FenceTimeline')
        yield* opsOf(analysis, node.arguments[0]);
    } else if (
      node.type === T.VariableDeclarator &&
      node.id.type === T.Identifier &&
      node.init &&
      isOps(analysis, node.id)
    ) {
      yield* methodsOf(analysis, unwrapped(node.init));
    }
  }
}

function isOps(analysis: Analysis, id: Node): boolean {
  return analysis.resolver.typeOf(id)?.entity === 'FenceOps';
}

function* functionOf(
  analysis: Analysis,
  argument: Node | undefined,
): Generator<{ fn: FunctionNode; place: Node }> {
  if (argument === undefined) return;
  const node = unwrapped(argument);
  if (isFunction(node)) yield { fn: node, place: node };
  else if (node.type === T.Identifier) {
    const fn = analysis.names.functionNamed(node);
    if (fn !== undefined) yield { fn, place: node };
  } else if (
    node.type === T.MemberExpression &&
    node.object.type === T.ThisExpression &&
    enclosingClass(node) !== undefined
  ) {
    const fn = analysis.summaries.methodOf(node, memberName(node) ?? '');
    if (fn !== undefined) yield { fn, place: node };
  }
}

/** `ops` in the options of a context or timeline. */
function* opsOf(analysis: Analysis, options: Node | undefined): Generator<{ fn: FunctionNode; place: Node }> {
  const node = options && unwrapped(options);
  if (node?.type !== T.ObjectExpression) return;
  for (const property of node.properties) {
    if (property.type === T.Property && keyName(property) === 'ops')
      yield* methodsOf(analysis, unwrapped(property.value));
  }
}

function* methodsOf(analysis: Analysis, node: Node): Generator<{ fn: FunctionNode; place: Node }> {
  if (node.type !== T.ObjectExpression) return;
  for (const property of node.properties)
    if (property.type === T.Property) yield* functionOf(analysis, property.value);
}
