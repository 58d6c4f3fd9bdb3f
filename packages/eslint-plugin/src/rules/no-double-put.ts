import { analyse, findingsOf } from '../analysis/analysis.js';
import { createRule, line, type FenceRule } from './create-rule.js';
import { removeStatement } from './suggest.js';

type MessageIds = 'afterPut' | 'afterMove' | 'afterUsing' | 'remove';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'no-double-put',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow putting one fence reference twice',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    hasSuggestions: true,
    messages: {
      afterPut: "'{{name}}' is put here again; its reference was already put on line {{before}}.",
      afterMove:
        "'{{name}}' is put here, but its reference was handed over on line {{before}} and is no longer this function's.",
      afterUsing:
        "'{{name}}' is put here, but its reference is put by the using or stack of line {{before}} as well.",
      remove: 'Remove this put().',
    },
    schema: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        for (const { node, name, before, ending } of findingsOf(analyse(context), 'double put')) {
          const remove = removeStatement(context.sourceCode, node);
          context.report({
            node,
            messageId: ending === 'put' ? 'afterPut' : ending === 'using' ? 'afterUsing' : 'afterMove',
            data: { name, before: line(before) },
            suggest: remove === undefined ? [] : [{ messageId: 'remove', fix: remove }],
          });
        }
      },
    };
  },
});

export default rule;
