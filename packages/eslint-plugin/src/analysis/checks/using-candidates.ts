import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Analysis } from '../analysis.js';
import { descendants, memberName, parentOf, unwrapped, type Node } from '../text/syntax.js';

/** A reference that is taken by `const x = …` and put by the one `x.put()` of the same block. */
export interface UsingCandidate {
  readonly declaration: TSESTree.VariableDeclaration;
  readonly name: string;
  readonly put: TSESTree.CallExpression;
  /** Nothing comes after the put in its block. */
  readonly isLast: boolean;
  /** How many statements lie between. */
  readonly statements: number;
}

/** The references of a file that `using` would put as well. */
export function* usingCandidates({ names, resolver }: Analysis): Generator<UsingCandidate> {
  const { ast, visitorKeys } = names.sourceCode;
  for (const node of descendants(ast, visitorKeys, { intoFunctions: true })) {
    if (node.type !== T.VariableDeclaration || node.kind !== 'const' || node.declarations.length !== 1)
      continue;
    const [declarator] = node.declarations;
    if (declarator?.id.type !== T.Identifier || declarator.init === null || !takes(declarator.init)) continue;
    const block = node.parent;
    if (block.type !== T.BlockStatement) continue;
    const reads = names.variable(declarator.id)?.references.filter((one) => one.isRead()) ?? [];
    const puts = reads.map(({ identifier }) => putOf(identifier)).filter((one) => one !== undefined);
    const [put] = puts;
    const statement = put === undefined ? undefined : parentOf(put);
    if (
      put === undefined ||
      puts.length !== 1 ||
      statement?.type !== T.ExpressionStatement ||
      statement.parent !== block
    )
      continue;
    // Handed on somewhere, or used in a function that may run later: another owner may be meant.
    if (
      !reads.every(
        ({ identifier, from }) =>
          isReceiver(identifier) && from.variableScope === names.variable(declarator.id)?.scope.variableScope,
      )
    )
      continue;
    const type = resolver.typeOf(declarator.init);
    if (type === undefined || (type.entity !== 'DmaFence' && type.entity !== 'DriverFence')) continue;
    const [from, to] = [block.body.indexOf(node), block.body.indexOf(statement)];
    const isLast =
      to === block.body.length - 1 &&
      !reads.some(({ identifier }) => identifier.range[0] > statement.range[1]);
    // An early way out without a put would be a leak that using mends; the text then changes what happens.
    const leavesEarly = block.body.slice(from, to).some((one) => leaves(one, visitorKeys));
    yield {
      declaration: node,
      name: declarator.id.name,
      put,
      isLast: isLast && !leavesEarly,
      statements: to - from - 1,
    };
  }
}

function leaves(statement: Node, keys: Readonly<Record<string, readonly string[]>>): boolean {
  return [statement, ...descendants(statement, keys)].some(
    ({ type }) =>
      type === T.ReturnStatement ||
      type === T.ThrowStatement ||
      type === T.BreakStatement ||
      type === T.ContinueStatement,
  );
}

function takes(init: Node): boolean {
  const node = unwrapped(init);
  if (node.type === T.AwaitExpression) return false;
  return node.type === T.CallExpression;
}

/** The `x.put()` that a name is part of. */
function putOf(identifier: Node): TSESTree.CallExpression | undefined {
  const member = parentOf(identifier);
  if (member?.type !== T.MemberExpression || memberName(member) !== 'put') return undefined;
  const call = parentOf(member);
  return call?.type === T.CallExpression && unwrapped(call.callee) === member ? call : undefined;
}

function isReceiver(identifier: Node): boolean {
  const parent = parentOf(identifier);
  return parent?.type === T.MemberExpression && unwrapped(parent.object) === identifier;
}
