import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Entity } from '../../types/vocabulary.js';
import type { Analysis } from '../analysis.js';
import { isGlobalName } from '../text/names.js';
import { descendants, keyName, memberName, unwrapped, type Node } from '../text/syntax.js';

/** Something of core that is copied to where it is nothing but a record of fields. */
export interface ClonedFence {
  readonly node: Node;
  readonly entity: Entity;
  /** What copies it. */
  readonly by: string;
}

/** What lives in one thread, by private state that no copy has. Handles of shared timelines are made to be sent. */
const bound: ReadonlySet<Entity> = new Set<Entity>([
  'DmaFence',
  'DriverFence',
  'DmaFenceContext',
  'FenceTimeline',
  'SharedTimeline',
  'DmaReservation',
  'SyncObject',
  'FenceCallback',
]);

/** What a file sends to another thread, or copies, and that does not survive it. */
export function* clonedFences(analysis: Analysis): Generator<ClonedFence> {
  const { ast, visitorKeys } = analysis.names.sourceCode;
  for (const node of descendants(ast, visitorKeys, { intoFunctions: true })) {
    if (node.type !== T.CallExpression && node.type !== T.NewExpression) continue;
    const sent = sentBy(analysis, node);
    if (sent !== undefined) yield* inside(analysis, sent.value, sent.by, 0);
  }
}

function sentBy(
  analysis: Analysis,
  node: TSESTree.CallExpression | TSESTree.NewExpression,
): { value: Node; by: string } | undefined {
  const callee = unwrapped(node.callee);
  const [first, options] = node.arguments;
  if (node.type === T.NewExpression) {
    const name = callee.type === T.Identifier ? callee.name : undefined;
    const value = name === 'Worker' && options !== undefined ? propertyOf(options, 'workerData') : undefined;
    return value && { value, by: 'workerData' };
  }
  if (first === undefined || first.type === T.SpreadElement) return undefined;
  if (isGlobalName(analysis.names, callee, 'structuredClone')) return { value: first, by: 'structuredClone' };
  const isPost =
    isGlobalName(analysis.names, callee, 'postMessage') ||
    (callee.type === T.MemberExpression && memberName(callee) === 'postMessage');
  if (!isPost) return undefined;
  const contract = analysis.resolver.contract(node);
  // A class of the project's own may well know how to write a fence down.
  const isOwn = analysis.resolver.typed && contract !== undefined && !contract.builtin;
  return isOwn ? undefined : { value: first, by: 'postMessage' };
}

function propertyOf(node: Node, name: string): Node | undefined {
  const object = unwrapped(node);
  if (object.type !== T.ObjectExpression) return undefined;
  for (const property of object.properties)
    if (property.type === T.Property && keyName(property) === name) return property.value;
  return undefined;
}

/** The message itself, and what lies in it as it is written. */
function* inside(analysis: Analysis, value: Node, by: string, depth: number): Generator<ClonedFence> {
  const node = unwrapped(value);
  if (depth > 8) return;
  if (node.type === T.ArrayExpression) {
    for (const element of node.elements)
      if (element !== null)
        yield* inside(analysis, element.type === T.SpreadElement ? element.argument : element, by, depth + 1);
    return;
  }
  if (node.type === T.ObjectExpression) {
    for (const property of node.properties)
      yield* inside(
        analysis,
        property.type === T.SpreadElement ? property.argument : property.value,
        by,
        depth + 1,
      );
    return;
  }
  const type = analysis.resolver.typeOf(node);
  if (type !== undefined && !type.promise && bound.has(type.entity)) yield { node, entity: type.entity, by };
}
