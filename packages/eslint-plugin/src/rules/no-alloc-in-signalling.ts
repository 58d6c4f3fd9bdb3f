import { analyse, findingsOf } from '../analysis/analysis.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'found';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'no-alloc-in-signalling',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow allocating inside a signalling section',
      set: 'all',
      requiresTypeChecking: true,
    },
    messages: {
      found:
        "'{{what}}' allocates inside the signalling section begun on line {{begun}}: do it before the section begins.",
    },
    schema: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        for (const finding of findingsOf(analyse(context), 'allocating')) {
          context.report({
            node: finding.node,
            messageId: 'found',
            data: { what: finding.what, begun: line(finding.begun) },
          });
        }
      },
    };
  },
});

export default rule;
