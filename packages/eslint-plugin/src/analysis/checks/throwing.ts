import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
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

/** Whether a function of this file can throw where it is called; one that is `async`, or gives a generator, cannot. */
export function bodyThrows(knowledge: Knowledge, fn: FunctionNode): boolean {
  if (fn.async || fn.generator) return false;
  for (const node of descendants(fn, knowledge.names.sourceCode.visitorKeys)) {
    if (node.type === T.ThrowStatement || node.type === T.TaggedTemplateExpression) return true;
    if (node.type !== T.CallExpression && node.type !== T.NewExpression) continue;
    if (callThrows(knowledge, node)) return true;
  }
  return false;
}

function callThrows({ names, resolver, summaries }: Knowledge, node: CallNode): boolean {
  const callee = unwrapped(node.callee);
  if (isConsole(callee)) return false;
  const contract = resolver.contract(node);
  if (contract?.never === true || contract?.asserts !== undefined) return true;
  const name = callee.type === T.MemberExpression ? memberName(callee) : undefined;
  if (contract?.builtin === true) return name === 'parse' || node.type === T.NewExpression;
  if (contract?.ours === true) return false;
  const named = callee.type === T.Identifier ? names.functionNamed(callee) : undefined;
  return summaries.throws(named ?? contract?.declaration) ?? true;
}

/** `console.log` and its like. */
export function isConsole(callee: Node): boolean {
  return (
    callee.type === T.MemberExpression &&
    callee.object.type === T.Identifier &&
    callee.object.name === 'console'
  );
}
