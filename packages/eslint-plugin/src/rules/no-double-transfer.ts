import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { analyse, findingsOf } from '../analysis/analysis.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'twice' | 'addGet';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'no-double-transfer',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow giving one reference to two owners',
      set: 'strict',
      requiresTypeChecking: true,
    },
    hasSuggestions: true,
    messages: {
      twice:
        "The reference of '{{name}}' was handed over on line {{before}} already: give the second owner its own with get().",
      addGet: 'Hand on a second reference with get().',
    },
    schema: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        for (const { node, name, before } of findingsOf(analyse(context), 'double transfer')) {
          const target = node.type === T.AssignmentExpression ? node.right : node;
          context.report({
            node,
            messageId: 'twice',
            data: { name, before: line(before) },
            suggest:
              target.type === T.Identifier && target.parent.type !== T.Property
                ? [{ messageId: 'addGet', fix: (fixer) => fixer.insertTextAfter(target, '.get()') }]
                : [],
          });
        }
      },
    };
  },
});

export default rule;
