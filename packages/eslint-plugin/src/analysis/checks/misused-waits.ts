import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isWaitMethod, waitFunctions } from '../../types/vocabulary.js';
import type { Analysis } from '../analysis.js';
import { fateOf, type Fate } from '../text/answers.js';
import { descendants, enclosingFunction, memberName, unwrapped } from '../text/syntax.js';

/** A wait whose promise nobody waits for. */
export interface MisusedWait {
  readonly node: TSESTree.CallExpression;
  readonly fate: Fate;
  /** Whether `await` may stand there. */
  readonly isAsync: boolean;
}

/** The waits of a file that are tested or dropped. */
export function* misusedWaits(analysis: Analysis): Generator<MisusedWait> {
  const { ast, visitorKeys } = analysis.names.sourceCode;
  for (const node of descendants(ast, visitorKeys, { intoFunctions: true })) {
    if (node.type !== T.CallExpression || !isWait(analysis, node)) continue;
    const fate = fateOf(analysis.names, node);
    if (fate !== undefined) yield { node, fate, isAsync: enclosingFunction(node)?.async ?? true };
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
