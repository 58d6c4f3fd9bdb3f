import type { TSESLint } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { analyse, findingsOf } from '../analysis/analysis.js';
import type { FindingOf } from '../analysis/finding.js';
import { ancestors } from '../analysis/text/syntax.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds =
  'used' | 'returned' | 'stored' | 'usingReturned' | 'usingStored' | 'waited' | 'addGet' | 'addAwait';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'no-use-after-put',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow using a fence after its reference was put',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    hasSuggestions: true,
    messages: {
      used: "'{{name}}' is used here, after its reference was put on line {{before}}.",
      returned: "'{{name}}' is returned here, after its reference was put on line {{before}}.",
      stored: "'{{name}}' is handed on here, after its reference was put on line {{before}}.",
      usingReturned: "'{{name}}' is returned here, but the using of line {{before}} puts it on the way out.",
      usingStored:
        "'{{name}}' is handed on here, but the using of line {{before}} puts it at the end of its block.",
      waited:
        "The wait for '{{name}}' is returned before it is over, and the reference is put on line {{before}} on the way out.",
      addGet: 'Hand on a reference of its own with get().',
      addAwait: 'Wait here, before the reference is put.',
    },
    schema: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        for (const finding of findingsOf(analyse(context), 'use after put')) {
          context.report({
            node: finding.node,
            messageId: messageFor(finding),
            data: { name: finding.name, before: line(finding.before) },
            suggest: suggestions(finding),
          });
        }
      },
    };
  },
});

function messageFor({ use, ending }: FindingOf<'use after put'>): MessageIds {
  if (use === 'wait') return 'waited';
  if (ending === 'using') return use === 'return' ? 'usingReturned' : 'usingStored';
  return use === 'return' ? 'returned' : use === 'store' ? 'stored' : 'used';
}

function suggestions({
  use,
  ending,
  node,
}: FindingOf<'use after put'>): TSESLint.ReportSuggestionArray<MessageIds> {
  if (use === 'wait') {
    const isInAsync = isAsync(node);
    return isInAsync
      ? [{ messageId: 'addAwait', fix: (fixer) => fixer.insertTextBefore(node, 'await ') }]
      : [];
  }
  if (ending !== 'using' || node.type !== T.Identifier || node.parent.type === T.Property) return [];
  return [{ messageId: 'addGet', fix: (fixer) => fixer.insertTextAfter(node, '.get()') }];
}

function isAsync(node: FindingOf<'use after put'>['node']): boolean {
  for (const outer of ancestors(node)) {
    if (
      outer.type === T.FunctionDeclaration ||
      outer.type === T.FunctionExpression ||
      outer.type === T.ArrowFunctionExpression
    )
      return outer.async;
  }
  return false;
}

export default rule;
