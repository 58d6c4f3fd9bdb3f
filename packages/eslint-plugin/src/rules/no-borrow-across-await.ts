import { analyse, findingsOf } from '../analysis/analysis.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'found';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'no-borrow-across-await',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow using a fence read from a mutable place after an await without a reference',
      set: 'strict',
      requiresTypeChecking: true,
    },
    messages: {
      found:
        "'{{name}}', read on line {{source}}, is used after the await on line {{awaited}}: its place may hold another fence by now, and nobody keeps this one. Take a reference with get() before waiting.",
    },
    schema: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        for (const finding of findingsOf(analyse(context), 'borrow across await')) {
          context.report({
            node: finding.node,
            messageId: 'found',
            data: { name: finding.name, source: line(finding.source), awaited: line(finding.awaited) },
          });
        }
      },
    };
  },
});

export default rule;
