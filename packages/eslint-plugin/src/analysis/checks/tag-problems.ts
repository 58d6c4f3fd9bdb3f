import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { docComment } from '../../types/doc-comment.js';
import { consumption, parseTags, readParameter, type Tag } from '../../types/tags.js';
import type { Analysis } from '../analysis.js';
import { descendants, isFunction, type FunctionNode, type Node } from '../text/syntax.js';

/** An ownership tag that is not well formed, or not true. */
export interface TagProblem {
  readonly loc: TSESTree.SourceLocation;
  readonly messageId:
    'unknownParameter' | 'malformed' | 'contradiction' | 'notConsumed' | 'noResult' | 'missingName';
  readonly data: { readonly tag: string; readonly name: string; readonly text: string };
}

type Signature =
  | FunctionNode
  | TSESTree.TSDeclareFunction
  | TSESTree.TSMethodSignature
  | TSESTree.TSEmptyBodyFunctionExpression;

/** What is wrong with the ownership tags of a file. */
export function* ownershipTagProblems(analysis: Analysis): Generator<TagProblem> {
  const { sourceCode } = analysis.names;
  for (const node of descendants(sourceCode.ast, sourceCode.visitorKeys, { intoFunctions: true })) {
    if (!isSignature(node)) continue;
    const comment = docComment(sourceCode, node);
    if (comment !== undefined) yield* problemsOf(analysis, node, comment);
  }
}

function isSignature(node: Node): node is Signature {
  if (isFunction(node)) return true;
  return (
    node.type === T.TSDeclareFunction ||
    node.type === T.TSMethodSignature ||
    node.type === T.TSEmptyBodyFunctionExpression
  );
}

function* problemsOf(
  analysis: Analysis,
  node: Signature,
  comment: TSESTree.BlockComment,
): Generator<TagProblem> {
  const { sourceCode } = analysis.names;
  const parameters = node.params.map((parameter) => nameOf(parameter));
  const hasPattern = parameters.includes(undefined);
  const named = new Map<string, Set<string>>();
  for (const tag of parseTags(comment.value)) {
    const start = sourceCode.getLocFromIndex(comment.range[0] + 2 + tag.offset);
    const loc = { start, end: { line: start.line, column: start.column + tag.name.length + 1 } };
    if (tag.name !== 'consumes' && tag.name !== 'borrows') {
      if (tag.name === 'acquires' && returnsNothing(node))
        yield { loc, messageId: 'noResult', data: { tag: tag.name, name: '', text: '' } };
      continue;
    }
    const parameter = readParameter(tag.text);
    const name = parameter?.name;
    const data = { tag: tag.name, name: name ?? '', text: parameter?.rest ?? '' };
    if (name === undefined) {
      yield { loc, messageId: 'missingName', data };
      continue;
    }
    if (!parameters.includes(name) && !hasPattern) yield { loc, messageId: 'unknownParameter', data };
    if (tag.name === 'consumes' && consumption(parameter?.rest) === 'malformed')
      yield { loc, messageId: 'malformed', data };
    const tags = named.get(name) ?? new Set();
    named.set(name, tags.add(tag.name));
    if (tags.size > 1) yield { loc, messageId: 'contradiction', data };
    else if (tag.name === 'consumes' && isNeverConsumed(analysis, node, parameters.indexOf(name), tag))
      yield { loc, messageId: 'notConsumed', data };
  }
}

function nameOf(parameter: TSESTree.Parameter): string | undefined {
  const inner = parameter.type === T.TSParameterProperty ? parameter.parameter : parameter;
  const target =
    inner.type === T.AssignmentPattern ? inner.left : inner.type === T.RestElement ? inner.argument : inner;
  return target.type === T.Identifier ? target.name : undefined;
}

function returnsNothing(node: Signature): boolean {
  const type = node.returnType?.typeAnnotation;
  return (
    type?.type === T.TSVoidKeyword ||
    type?.type === T.TSNumberKeyword ||
    type?.type === T.TSBooleanKeyword ||
    type?.type === T.TSStringKeyword
  );
}

/** Whether a function with a body keeps what it is said to consume as it was, on every path. */
function isNeverConsumed({ summaries }: Analysis, node: Signature, index: number, tag: Tag): boolean {
  if (!isFunction(node) || index < 0 || tag.name !== 'consumes') return false;
  // A method that a subclass is to write, or one that only throws, says nothing about its parameters.
  if (node.body.type === T.BlockStatement && node.body.body.every(({ type }) => type === T.ThrowStatement))
    return false;
  return summaries.ofCallee(node)?.parameter(index) === 'borrows';
}
