import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isWaitMethod, waitFunctions } from '../../types/vocabulary.js';
import type { Names } from '../text/names.js';
import type { Resolver } from '../../types/resolver.js';
import type { Summaries } from '../judgement/summaries.js';
import {
  descendants,
  memberName,
  unwrapped,
  type CallNode,
  type FunctionNode,
  type Node,
} from '../text/syntax.js';

interface Knowledge {
  readonly names: Names;
  readonly resolver: Resolver;
  readonly summaries: Summaries;
}

/** How a call waits: it stops the thread or takes a lock, or it gives a promise of a fence's signal. */
export type Waiting = 'blocks' | 'waits';

/** Whether and how a single call waits; the functions it runs are not looked into. */
export function waitingOf(
  { names, resolver }: Pick<Knowledge, 'names' | 'resolver'>,
  node: CallNode,
): Waiting | undefined {
  const callee = unwrapped(node.callee);
  if (callee.type === T.MemberExpression) {
    const name = memberName(callee);
    if (name === 'wait' && callee.object.type === T.Identifier && callee.object.name === 'Atomics')
      return 'blocks';
    if (name === 'wait' || name === 'waitSync' || name === 'lock' || name === 'signalAfter') {
      const type = resolver.typeOf(callee.object);
      if (type !== undefined && !type.many && !type.promise) {
        if (name === 'waitSync' || (name === 'lock' && type.entity === 'DmaReservation')) return 'blocks';
        if (name !== 'signalAfter' && isWaitMethod(type.entity, name)) return 'waits';
      }
    }
  } else if (callee.type === T.Identifier && names.functionNamed(callee) === undefined) {
    const name = resolver.exportedName(callee);
    if (name === 'lockReservations') return 'blocks';
    if (name !== undefined && waitFunctions.has(name)) return 'waits';
  }
  return resolver.contract(node)?.tags?.blocks === true ? 'blocks' : undefined;
}

/** Whether a function of this file stops the thread or takes a lock, by itself or through another one of the file. */
export function contractBlocks(knowledge: Knowledge, fn: FunctionNode): boolean {
  for (const node of calls(knowledge, fn)) {
    if (waitingOf(knowledge, node) === 'blocks') return true;
    const callee = unwrapped(node.callee);
    const target = callee.type === T.Identifier ? knowledge.names.functionNamed(callee) : undefined;
    if (target !== undefined && target !== fn && knowledge.summaries.blocks(target)) return true;
  }
  return false;
}

/** The calls that a function makes while it runs, those of functions it only makes left out. */
export function* calls({ names }: Pick<Knowledge, 'names'>, fn: Node): Generator<CallNode> {
  for (const node of descendants(fn, names.sourceCode.visitorKeys)) {
    if (node.type === T.CallExpression || node.type === T.NewExpression) yield node;
  }
}
