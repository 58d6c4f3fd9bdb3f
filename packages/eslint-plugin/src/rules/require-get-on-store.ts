import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { analyse, findingsOf } from '../analysis/analysis.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'store' | 'argument' | 'closure' | 'addGet';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'require-get-on-store',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require get() when a borrowed fence is stored or given away',
      set: 'strict',
      requiresTypeChecking: true,
    },
    hasSuggestions: true,
    messages: {
      store:
        "'{{name}}' is only lent (line {{source}}), and is stored here without a reference: store get().",
      argument:
        "'{{name}}' is only lent (line {{source}}), and the function called here takes a reference over: pass get().",
      closure:
        "'{{name}}' is only lent (line {{source}}), and this closure outlives the call: take a reference with get() for it, and put it there.",
      addGet: 'Hand on a reference of its own with get().',
    },
    schema: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        for (const { node, name, source, how } of findingsOf(analyse(context), 'store borrowed')) {
          const target = node.type === T.AssignmentExpression ? node.right : node;
          const isName =
            (target.type === T.Identifier || target.type === T.MemberExpression) &&
            target.parent.type !== T.Property;
          context.report({
            node,
            messageId: how,
            data: { name, source: line(source) },
            suggest:
              isName && how !== 'closure'
                ? [{ messageId: 'addGet', fix: (fixer) => fixer.insertTextAfter(target, '.get()') }]
                : [],
          });
        }
      },
    };
  },
});

export default rule;
