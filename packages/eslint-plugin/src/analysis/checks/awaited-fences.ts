import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { FenceType } from '../../types/resolver.js';
import { isFenceEntity } from '../../types/vocabulary.js';
import type { Analysis } from '../analysis.js';
import { fateOf } from '../text/answers.js';
import { isGlobalName } from '../text/names.js';
import { descendants, memberName, unwrapped, type Node } from '../text/syntax.js';

/** A fence, or a list of fences, that stands where a promise is wanted. */
export interface AwaitedFence {
  readonly node: Node;
  /** What the fence is given to: `await`, or one of the combinators of promises. */
  readonly by: string;
  readonly isMany: boolean;
  readonly isNullable: boolean;
  /** Whether the list has a `map` method. */
  readonly isArray: boolean;
}

const combinators: ReadonlySet<string> = new Set(['all', 'allSettled', 'any', 'race']);

/** The fences of a file that are awaited as if they were promises. */
export function* awaitedFences(analysis: Analysis): Generator<AwaitedFence> {
  const { ast, visitorKeys } = analysis.names.sourceCode;
  for (const node of descendants(ast, visitorKeys, { intoFunctions: true })) {
    if (node.type === T.AwaitExpression) yield* awaited(analysis, node, node.argument, 'await');
    else if (node.type === T.CallExpression) yield* combined(analysis, node);
  }
}

function* combined(analysis: Analysis, node: TSESTree.CallExpression): Generator<AwaitedFence> {
  const callee = unwrapped(node.callee);
  const [list] = node.arguments;
  if (callee.type !== T.MemberExpression || list === undefined || list.type === T.SpreadElement) return;
  const name = memberName(callee);
  if (name === undefined || !combinators.has(name)) return;
  if (!isGlobalName(analysis.names, callee.object, 'Promise')) return;
  const by = `Promise.${name}`;
  const inner = unwrapped(list);
  if (inner.type !== T.ArrayExpression) {
    yield* awaited(analysis, node, list, by);
    return;
  }
  for (const element of inner.elements) {
    if (element === null) continue;
    yield* awaited(analysis, node, element.type === T.SpreadElement ? element.argument : element, by);
  }
}

/** `whole` is the expression whose value tells whether anybody wants the fence itself. */
function* awaited(analysis: Analysis, whole: Node, node: Node, by: string): Generator<AwaitedFence> {
  const inner = unwrapped(node);
  if (isMaking(inner) && !isDropped(analysis, whole)) return;
  const type = analysis.resolver.typeOf(inner);
  if (!isFence(type) || (by === 'await' && type.many)) return;
  const isArray = type.many && isList(analysis, inner);
  // A list in a list, or a map's entries: nothing is known of what waits there.
  if (type.many && inner.parent?.type !== T.SpreadElement && !isArray && !isSet(analysis, inner)) return;
  yield { node: inner, by, isMany: type.many, isNullable: type.nullable, isArray };
}

function isFence(type: FenceType | undefined): type is FenceType {
  return type !== undefined && !type.promise && isFenceEntity(type.entity);
}

/** A call may be awaited for its own sake: a function that gives a fence today gave a promise of one yesterday. */
function isMaking(node: Node): boolean {
  return node.type === T.CallExpression || node.type === T.NewExpression;
}

/** Whether nobody looks at what comes of an expression, so that it was written in order to wait. */
function isDropped({ names }: Analysis, node: Node): boolean {
  const parent = node.parent?.type === T.AwaitExpression ? node.parent : node;
  const fate = fateOf(names, parent);
  return fate === 'dropped' || fate === 'void';
}

function isList({ resolver }: Analysis, node: Node): boolean {
  if (node.type === T.ArrayExpression) return true;
  return resolver.typed ? /^(?:Readonly)?Array$/.test(resolver.typeName(node) ?? '') : true;
}

function isSet({ resolver }: Analysis, node: Node): boolean {
  return /^(?:Readonly)?Set$|Iterator|^Generator$/.test(resolver.typeName(node) ?? '');
}
