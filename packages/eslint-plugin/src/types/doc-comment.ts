import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T, AST_TOKEN_TYPES } from '@typescript-eslint/utils';
import { parseTags, readTags, type OwnershipTags } from './tags.js';

/** The doc comment that stands above a function, method or property, or above the statement that declares it. */
export function docComment(
  sourceCode: Readonly<TSESLint.SourceCode>,
  node: TSESTree.Node,
): TSESTree.BlockComment | undefined {
  for (let place: TSESTree.Node | undefined = node; place !== undefined; place = outer(place)) {
    const comment = sourceCode.getCommentsBefore(place).findLast((one) => isDoc(one));
    if (comment !== undefined) return comment;
  }
  return undefined;
}

/** The ownership tags of a function, method or property, read from its own file. */
export function docTags(
  sourceCode: Readonly<TSESLint.SourceCode>,
  node: TSESTree.Node,
): OwnershipTags | undefined {
  const comment = docComment(sourceCode, node);
  return comment && readTags(parseTags(comment.value));
}

/** The node that a doc comment of this one may stand above instead. */
function outer(node: TSESTree.Node): TSESTree.Node | undefined {
  const { parent } = node;
  switch (parent?.type) {
    case T.ExportNamedDeclaration:
    case T.ExportDefaultDeclaration:
      return parent;
    case T.MethodDefinition:
    case T.PropertyDefinition:
    case T.Property:
      return parent.value === node ? parent : undefined;
    case T.VariableDeclarator:
      return parent.init === node ? parent.parent : undefined;
    case T.VariableDeclaration:
      return parent;
    default:
      return undefined;
  }
}

function isDoc(comment: TSESTree.Comment): comment is TSESTree.BlockComment {
  return comment.type === AST_TOKEN_TYPES.Block && comment.value.startsWith('*');
}
