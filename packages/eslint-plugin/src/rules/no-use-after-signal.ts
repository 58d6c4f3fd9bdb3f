import { analyse, findingsOf } from '../analysis/analysis.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'found';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'no-use-after-signal',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow using a borrowed fence after signaling it',
      set: 'all',
      requiresTypeChecking: true,
    },
    messages: {
      found:
        "'{{name}}', read on line {{source}}, is used after it was signaled on line {{signal}}: callbacks ran there and may have put the last reference. Take a reference with get() before signaling.",
    },
    schema: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        for (const finding of findingsOf(analyse(context), 'use after signal')) {
          context.report({
            node: finding.node,
            messageId: 'found',
            data: { name: finding.name, source: line(finding.source), signal: line(finding.signal) },
          });
        }
      },
    };
  },
});

export default rule;
