import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isFenceEntity } from '../../types/vocabulary.js';
import type { Analysis } from '../analysis.js';
import { classes, disposeMethods, ownField, reachableNodes } from '../text/classes.js';
import { descendants, memberName, unwrapped, type Node } from '../text/syntax.js';

/** A record that stays on a fence after its owner's end. */
export interface UnremovedCallback {
  readonly node: Node;
  readonly field: string;
  readonly method: string;
  readonly dispose: Node;
}

/** The records of a file's classes that are added to fences and not taken off when their object is disposed of. */
export function* unremovedCallbacks(
  analysis: Analysis,
  further: readonly string[],
): Generator<UnremovedCallback> {
  const { sourceCode } = analysis.names;
  for (const owner of classes(analysis)) {
    const endings = disposeMethods(owner, further);
    const [ending] = endings;
    if (ending === undefined) continue;
    const mentioned = new Set(
      endings.flatMap(({ fn }) => reachableNodes(analysis, fn).map((node) => ownField(node))),
    );
    for (const node of descendants(owner, sourceCode.visitorKeys, { intoFunctions: true })) {
      if (node.type !== T.CallExpression) continue;
      const callee = unwrapped(node.callee);
      const [record] = node.arguments;
      if (callee.type !== T.MemberExpression || memberName(callee) !== 'addCallback' || record === undefined)
        continue;
      const field = ownField(record);
      if (field === undefined || mentioned.has(field)) continue;
      const type = analysis.resolver.typeOf(callee.object);
      if (type === undefined || type.many || !isFenceEntity(type.entity)) continue;
      // Of plain functions there is nothing to take off.
      if (analysis.resolver.typeOf(record)?.entity !== 'FenceCallback') continue;
      yield { node, field, method: ending.name, dispose: ending.fn };
    }
  }
}
