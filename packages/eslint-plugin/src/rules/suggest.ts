import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { ancestors, unwrapped } from '../analysis/text/syntax.js';

type Fixer = (fixer: TSESLint.RuleFixer) => TSESLint.RuleFix | TSESLint.RuleFix[] | null;

/** The `const name = <site>` that a place in the text initialises, if it has that form alone. */
export function declarationOf(
  site: TSESTree.Node,
): { declaration: TSESTree.VariableDeclaration; name: string } | undefined {
  let node = site;
  while (
    node.parent &&
    unwrapped(node.parent) === unwrapped(site) &&
    node.parent.type !== T.VariableDeclarator
  )
    node = node.parent;
  const outer = node.parent?.type === T.AwaitExpression ? node.parent : node;
  const declarator = outer.parent;
  if (
    declarator?.type !== T.VariableDeclarator ||
    declarator.id.type !== T.Identifier ||
    declarator.init !== outer
  )
    return undefined;
  const declaration = declarator.parent;
  return declaration.declarations.length === 1 ? { declaration, name: declarator.id.name } : undefined;
}

/** `const x = …` becomes `using x = …`. */
export function useUsing(site: TSESTree.Node): Fixer | undefined {
  const found = declarationOf(site);
  if (found?.declaration.kind !== 'const') return undefined;
  const { declaration } = found;
  const start = declaration.range[0];
  return (fixer) => fixer.replaceTextRange([start, start + 'const'.length], 'using');
}

/** Puts a statement in front of the one that a node belongs to; into braces where it stands alone under an `if`. */
export function insertBefore(
  sourceCode: Readonly<TSESLint.SourceCode>,
  node: TSESTree.Node,
  text: string,
): Fixer | undefined {
  const statement = statementOf(node);
  const parent = statement?.parent;
  if (!statement || !parent) return undefined;
  if (
    parent.type === T.BlockStatement ||
    parent.type === T.Program ||
    parent.type === T.SwitchCase ||
    parent.type === T.StaticBlock
  ) {
    const indent = ' '.repeat(statement.loc.start.column);
    return (fixer) => fixer.insertTextBefore(statement, `${text}\n${indent}`);
  }
  if (parent.type !== T.IfStatement) return undefined;
  return (fixer) => fixer.replaceText(statement, `{ ${text} ${sourceCode.getText(statement)} }`);
}

/** Takes a whole expression statement out, with its line where it stands alone there. */
export function removeStatement(
  sourceCode: Readonly<TSESLint.SourceCode>,
  node: TSESTree.Node,
): Fixer | undefined {
  const statement = statementOf(node);
  if (statement?.type !== T.ExpressionStatement || unwrapped(statement.expression) !== unwrapped(node))
    return undefined;
  if (statement.parent.type !== T.BlockStatement && statement.parent.type !== T.Program) return undefined;
  const { text } = sourceCode;
  let [start, end] = statement.range;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start -= 1;
  const startsLine = start === 0 || text[start - 1] === '\n';
  if (startsLine && text[end] === '\n') end += 1;
  else [start] = statement.range;
  return (fixer) => fixer.removeRange([start, end]);
}

/** The statement that a node belongs to. */
export function statementOf(node: TSESTree.Node): TSESTree.Node | undefined {
  for (const outer of [node, ...ancestors(node)]) {
    if (outer.type.endsWith('Statement') || outer.type === T.VariableDeclaration) return outer;
    if (outer.type === T.ArrowFunctionExpression || outer.type === T.FunctionExpression) return undefined;
  }
  return undefined;
}
